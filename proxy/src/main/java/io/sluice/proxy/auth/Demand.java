package io.sluice.proxy.auth;

import io.sluice.proxy.auth.hba.HbaMethod;
import io.sluice.proxy.auth.hba.HbaRule;
import org.jspecify.annotations.Nullable;

/**
 * How a client has to prove who it is. Immutable.
 *
 * @param method the method; null when no rule concerns the login
 * @param rule the rule that says so; null when it is auth_type
 */
public record Demand(@Nullable HbaMethod method, @Nullable HbaRule rule) {
  /** Says whether the user has to be known, and its secret found. */
  boolean needsUser() {
    HbaMethod wanted = method;
    if (wanted == null) {
      return false;
    }
    return switch (wanted) {
      case TRUST, PASSWORD, MD5, SCRAM_SHA_256, CERT, PEER -> true;
      case REJECT, LDAP, PAM, JWT -> false;
    };
  }
}
