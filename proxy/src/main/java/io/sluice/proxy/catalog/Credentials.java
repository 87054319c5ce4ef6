package io.sluice.proxy.catalog;

import io.sluice.protocol.scram.ScramSecret;
import org.jspecify.annotations.Nullable;

/**
 * A user's secret as the user list has it: a password, an md5 secret, a SCRAM secret, or none.
 *
 * <p>Immutable but for one cache: the SCRAM secret that is derived from a password, which takes
 * milliseconds. Thread-safe.
 */
public final class Credentials {
  private static final int MD5_LENGTH = 35;

  private final String stored;
  private final @Nullable ScramSecret scram;
  private volatile @Nullable ScramSecret derived;

  /** Recognises the kind of a stored secret. */
  public Credentials(String stored) {
    this.stored = stored;
    this.scram = ScramSecret.parse(stored);
  }

  /** The text as it is stored. */
  public String stored() {
    return stored;
  }

  /** Says whether there is a user but no password. */
  public boolean isEmpty() {
    return stored.isEmpty();
  }

  /** The password, if it is stored as such. */
  public @Nullable String plain() {
    return isEmpty() || scram != null || md5() != null ? null : stored;
  }

  /** The md5 secret, {@code md5} and 32 hex digits, if it is stored as such. */
  public @Nullable String md5() {
    if (stored.length() != MD5_LENGTH || !stored.startsWith("md5")) {
      return null;
    }
    for (int i = 3; i < MD5_LENGTH; i++) {
      char c = stored.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return null;
      }
    }
    return stored;
  }

  /** The SCRAM secret, if it is stored as such. */
  public @Nullable ScramSecret scram() {
    return scram;
  }

  /**
   * The SCRAM secret that belongs to a stored password. Slow the first time.
   *
   * @param salt what it has to be made with: the same one every time, as names without a password
   *     have it
   * @return null when no password is stored
   */
  public @Nullable ScramSecret derive(byte[] salt, int iterations) {
    String password = plain();
    if (password == null) {
      return null;
    }
    ScramSecret made = derived;
    if (made == null || made.iterations() != iterations) {
      made = ScramSecret.derive(password, salt, iterations);
      derived = made;
    }
    return made;
  }

  /** Says whether {@link #derive} would take long now. */
  public boolean mustDerive(int iterations) {
    ScramSecret made = derived;
    return plain() != null && (made == null || made.iterations() != iterations);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credentials credentials && stored.equals(credentials.stored);
  }

  @Override
  public int hashCode() {
    return stored.hashCode();
  }

  /** Hides the secret. */
  @Override
  public String toString() {
    return "Credentials[****]";
  }
}
