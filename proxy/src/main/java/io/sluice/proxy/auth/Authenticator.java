package io.sluice.proxy.auth;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.Values;
import io.sluice.protocol.SqlState;
import io.sluice.proxy.catalog.Credentials;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Chooses how a client has to prove who it is. Confined to the event loop. */
public final class Authenticator {
  private static final int RANDOM_BYTES = 32;

  private final byte[] processRandom = new byte[RANDOM_BYTES];
  private AuthType type;
  private int iterations;
  private boolean lastWasScram;

  public Authenticator(Values values) {
    new SecureRandom().nextBytes(processRandom);
    type = values.get(Settings.AUTH_TYPE);
    iterations = values.get(Settings.SCRAM_ITERATIONS);
  }

  /** Takes new settings after a reload. */
  public void configure(Values values) {
    type = values.get(Settings.AUTH_TYPE);
    iterations = values.get(Settings.SCRAM_ITERATIONS);
  }

  /** The configured type. */
  public AuthType type() {
    return type;
  }

  /**
   * The method for one login.
   *
   * @param user the name that the client gave
   * @param credentials the user's secret; null when there is no such user
   */
  public AuthMethod open(String user, @Nullable Credentials credentials) {
    return switch (type) {
      case ANY -> new TrustAuth(true);
      case TRUST -> new TrustAuth(credentials != null);
      case PLAIN -> new PasswordAuth(user, credentials);
      case MD5 -> md5(user, credentials);
      case SCRAM_SHA_256 -> scram(user, credentials);
      case CERT, HBA, LDAP, PAM -> new NotYet(type);
    };
  }

  /**
   * SCRAM where the secret is one, else md5. A name without a secret is asked for what the last
   * user was asked for, so that the question does not tell who exists.
   */
  private AuthMethod md5(String user, @Nullable Credentials credentials) {
    if (credentials != null && !credentials.isEmpty()) {
      lastWasScram = credentials.scram() != null;
    }
    return lastWasScram ? scram(user, credentials) : new Md5Auth(user, credentials);
  }

  private AuthMethod scram(String user, @Nullable Credentials credentials) {
    return new ScramAuth(user, credentials, processRandom, iterations);
  }

  /** A type that is configured but does not exist yet: nobody gets in. */
  private record NotYet(AuthType type) implements AuthMethod {
    @Override
    public AuthDecision begin() {
      return new AuthDecision.Refused(
          SqlState.PROTOCOL_VIOLATION, "login rejected", "auth_type is not available: " + type);
    }

    @Override
    public AuthDecision answer(byte[] body) {
      return begin();
    }
  }
}
