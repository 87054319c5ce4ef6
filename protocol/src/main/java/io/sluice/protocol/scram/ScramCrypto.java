package io.sluice.protocol.scram;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions of RFC 5802 with SHA-256. */
final class ScramCrypto {
  static final int KEY_BYTES = 32;
  private static final String HMAC = "HmacSHA256";
  private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

  private ScramCrypto() {}

  /** HMAC(key, data). */
  static byte[] hmac(byte[] key, byte[] data) {
    return mac(key).doFinal(data);
  }

  /** HMAC(key, text). */
  static byte[] hmac(byte[] key, String text) {
    return hmac(key, text.getBytes(StandardCharsets.UTF_8));
  }

  /** H(data). */
  static byte[] hash(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no SHA-256", missing);
    }
  }

  /** Hi(password, salt, iterations): PBKDF2 with one block. Milliseconds. */
  static byte[] salted(byte[] password, byte[] salt, int iterations) {
    // An empty key is not allowed by the JDK; a zero byte is the same key to HMAC.
    Mac mac = mac(password.length == 0 ? new byte[1] : password);
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

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException("this JDK has no " + HMAC, impossible);
    }
  }
}
