package io.sluice.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A message digest for each thread that wants one. To ask the JDK for a new one takes longer than
 * to use it for the few bytes of a login.
 */
public final class ThreadDigest {
  private final ThreadLocal<MessageDigest> digests;

  /**
   * Names the algorithm.
   *
   * @throws IllegalStateException when it is first used, if this JDK does not have it
   */
  public ThreadDigest(String algorithm) {
    digests = ThreadLocal.withInitial(() -> make(algorithm));
  }

  private static MessageDigest make(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no " + algorithm, missing);
    }
  }

  /** This thread's digest, with nothing in it. */
  public MessageDigest begin() {
    MessageDigest digest = digests.get();
    digest.reset();
    return digest;
  }
}
