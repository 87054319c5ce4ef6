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
  private static final byte[] NO_SECRET = {0};

  /** To ask the JDK for a new one takes longer than to use it: each thread keeps one. */
  private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(ScramCrypto::newMac);

  private ScramCrypto() {}

  /** HMAC(key, data). */
  static byte[] hmac(byte[] key, byte[] data) {
    Mac mac = MACS.get();
    try {
      return keyed(mac, key).doFinal(data);
    } finally {
      // The thread's Mac must not remember what is as good as a password.
      keyed(mac, NO_SECRET);
    }
  }

  /** HMAC(key, text). */
  static byte[] hmac(byte[] key, String text) {
    return hmac(key, text.getBytes(StandardCharsets.UTF_8));
  }

  /** H(data). */
  static byte[] hash(byte[] data) {
    return ThreadDigest.SHA_256.of(data);
  }

  /** Hi(password, salt, iterations): PBKDF2 with one block. Milliseconds. */
  static byte[] salted(byte[] password, byte[] salt, int iterations) {
    // An empty key is not allowed by the JDK; a zero byte is the same key to HMAC.
    Mac mac = keyed(newMac(), password.length == 0 ? NO_SECRET : password);
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
    } catch (InvalidKeyException refused) {
      throw new IllegalStateException(HMAC + " refuses a key of " + key.length + " bytes", refused);
    }
  }
}
