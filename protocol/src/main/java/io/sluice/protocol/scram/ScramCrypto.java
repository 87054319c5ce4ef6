package io.sluice.protocol.scram;

import io.sluice.protocol.ThreadDigest;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions of RFC 5802 with SHA-256. */
final class ScramCrypto {
  static final int KEY_BYTES = 32;
  private static final String HMAC = "HmacSHA256";
  private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};
  private static final ThreadDigest SHA_256 = new ThreadDigest("SHA-256");

  /** A login takes three of them; each thread keeps one, as {@link ThreadDigest} does. */
  private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(ScramCrypto::newMac);

  private ScramCrypto() {}

  /** HMAC(key, data). */
  static byte[] hmac(byte[] key, byte[] data) {
    return keyed(MACS.get(), key).doFinal(data);
  }

  /** HMAC(key, text). */
  static byte[] hmac(byte[] key, String text) {
    return hmac(key, text.getBytes(StandardCharsets.UTF_8));
  }

  /** H(data). */
  static byte[] hash(byte[] data) {
    return SHA_256.begin().digest(data);
  }

  /** Hi(password, salt, iterations): PBKDF2 with one block. Milliseconds. */
  static byte[] salted(byte[] password, byte[] salt, int iterations) {
    // An empty key is not allowed by the JDK; a zero byte is the same key to HMAC. It is not the
    // thread's one, which would hold the password until the next login.
    Mac mac = keyed(newMac(), password.length == 0 ? new byte[1] : password);
    mac.update(salt);
    byte[] block = mac.doFinal(FIRST_BLOCK);
    byte[] result = block.clone();
    for (int i = 1; i < iterations; i++) {
      block = mac.doFinal(block);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= block[j];
      }
    }
    return result;
  }

  static byte[] xor(byte[] one, byte[] other) {
    byte[] result = new byte[one.length];
    for (int i = 0; i < one.length; i++) {
      result[i] = (byte) (one[i] ^ other[i]);
    }
    return result;
  }

  private static Mac newMac() {
    try {
      return Mac.getInstance(HMAC);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no " + HMAC, missing);
    }
  }

  private static Mac keyed(Mac mac, byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (InvalidKeyException impossible) {
      throw new IllegalStateException(HMAC + " takes every key", impossible);
    }
  }
}
