package io.sluice.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The key with which a CancelRequest names the query to cancel. Immutable.
 *
 * <p>A process id and a secret: 4 bytes in protocol 3.0, up to 256 bytes from 3.2 on.
 */
public final class CancelKey {
  /** Fewest bytes of a secret; also the size of every secret of protocol 3.0. */
  public static final int MIN_SECRET_BYTES = 4;

  /** Most bytes of a secret, by the definition of protocol 3.2. */
  public static final int MAX_SECRET_BYTES = 256;

  private static final byte[] NOTHING = {};

  private final int processId;

  /** The first bytes of the secret: all of it, in protocol 3.0. */
  private final int head;

  private final byte[] tail;

  /**
   * Creates a key from its parts; the secret is copied.
   *
   * @throws IllegalArgumentException if the secret is not 4 to 256 bytes long
   */
  public CancelKey(int processId, byte[] secret) {
    if (!isSecretLength(secret.length)) {
      throw new IllegalArgumentException("cancel secret of " + secret.length + " bytes");
    }
    this.processId = processId;
    this.head = ByteBuffer.wrap(secret).getInt();
    this.tail =
        secret.length == MIN_SECRET_BYTES
            ? NOTHING
            : Arrays.copyOfRange(secret, MIN_SECRET_BYTES, secret.length);
  }

  /** Makes a key of 8 random bytes with a positive process id, as drivers expect it. */
  public static CancelKey random(SecureRandom random) {
    int processId = 0;
    while (processId == 0) {
      processId = random.nextInt() & Integer.MAX_VALUE;
    }
    byte[] secret = new byte[MIN_SECRET_BYTES];
    random.nextBytes(secret);
    return new CancelKey(processId, secret);
  }

  /** Says whether a secret may have this many bytes. */
  public static boolean isSecretLength(int lengthBytes) {
    return lengthBytes >= MIN_SECRET_BYTES && lengthBytes <= MAX_SECRET_BYTES;
  }

  public int processId() {
    return processId;
  }

  /** Returns a copy of the secret. */
  public byte[] secret() {
    return ByteBuffer.allocate(MIN_SECRET_BYTES + tail.length).putInt(head).put(tail).array();
  }

  /** Compares in a time that does not tell how much of the secret was right. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CancelKey that
        && processId == that.processId
        && MessageDigest.isEqual(secret(), that.secret());
  }

  /** Hashes the process id alone, so that no look-up takes a time that depends on the secret. */
  @Override
  public int hashCode() {
    return processId;
  }

  @Override
  public String toString() {
    return "CancelKey[processId=" + processId + ", secret=****]";
  }
}
