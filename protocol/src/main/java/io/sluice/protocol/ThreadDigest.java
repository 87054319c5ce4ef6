package io.sluice.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A message digest for each thread that wants one. To ask the JDK for a new one takes longer than
 * to use it for the few bytes of a login.
 */
public final class ThreadDigest {
  public static final ThreadDigest MD5 = new ThreadDigest("MD5");
  public static final ThreadDigest SHA_256 = new ThreadDigest("SHA-256");

  private final ThreadLocal<MessageDigest> digests;

  ThreadDigest(String algorithm) {
    digests = ThreadLocal.withInitial(() -> make(algorithm));
  }

  private static MessageDigest make(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no " + algorithm, missing);
    }
  }

  /**
   * Digests some bytes, and others behind them. Nothing of them is left here: they may be secrets,
   * and the JDK clears its buffer only when a digest is used again.
   *
   * @throws IllegalStateException if this JDK does not have the algorithm
   */
  public byte[] of(byte[]... parts) {
    MessageDigest digest = digests.get();
    try {
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } finally {
      digest.reset();
    }
  }
}
