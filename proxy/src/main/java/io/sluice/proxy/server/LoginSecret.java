package io.sluice.proxy.server;

import io.sluice.protocol.scram.ScramKeys;
import org.jspecify.annotations.Nullable;

/**
 * What there is to answer PostgreSQL's demand for a password with. Immutable.
 *
 * @param stored the text to send when a cleartext password is demanded: whatever is stored
 * @param plain the password itself
 * @param md5 the md5 secret ({@code md5} and 32 hex digits)
 * @param keys SCRAM keys that a client's login has proved
 * @param lack why a demand cannot be met if what it needs is missing
 */
public record LoginSecret(
    @Nullable String stored,
    @Nullable String plain,
    @Nullable String md5,
    @Nullable ScramKeys keys,
    String lack) {
  private static final String WRONG_TYPE = "wrong password type";

  /** No secret at all. */
  public static final LoginSecret NONE = missing(WRONG_TYPE);

  /** What there is. */
  public LoginSecret(
      @Nullable String stored,
      @Nullable String plain,
      @Nullable String md5,
      @Nullable ScramKeys keys) {
    this(stored, plain, md5, keys, WRONG_TYPE);
  }

  /** No secret, for a reason that may be told to clients. */
  public static LoginSecret missing(String why) {
    return new LoginSecret(null, null, null, null, why);
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "LoginSecret[****]";
  }
}
