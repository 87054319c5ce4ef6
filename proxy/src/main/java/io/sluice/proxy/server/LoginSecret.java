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
 */
public record LoginSecret(
    @Nullable String stored,
    @Nullable String plain,
    @Nullable String md5,
    @Nullable ScramKeys keys) {
  /** No secret at all. */
  public static final LoginSecret NONE = new LoginSecret(null, null, null, null);

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "LoginSecret[****]";
  }
}
