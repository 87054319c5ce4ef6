package io.sluice.proxy.catalog;

import io.sluice.protocol.scram.ScramKeys;
import org.jspecify.annotations.Nullable;

/**
 * The secret of a user who is in no user list, as the last login to a database has shown it: what
 * auth_query has found, or the password that the client gave. Immutable.
 *
 * @param secret the secret
 * @param keys SCRAM keys that the client has proved, if any
 */
public record LearnedSecret(Credentials secret, @Nullable ScramKeys keys) {
  /** Hides the secret. */
  @Override
  public String toString() {
    return "LearnedSecret[****]";
  }
}
