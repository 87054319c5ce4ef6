package io.sluice.protocol.md5;

import io.sluice.protocol.ThreadDigest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * PostgreSQL's md5 passwords: {@code md5(md5(password user) salt)}, in hex, with {@code md5} in
 * front.
 */
public final class Md5Password {
  private static final String PREFIX = "md5";

  private Md5Password() {}

  /** The stored form: {@code md5} and the hex digits of {@code md5(password user)}. */
  public static String hash(String password, String user) {
    byte[] digest =
        ThreadDigest.MD5.of(
            password.getBytes(StandardCharsets.UTF_8), user.getBytes(StandardCharsets.UTF_8));
    return PREFIX + HexFormat.of().formatHex(digest);
  }

  /**
   * The answer to a challenge.
   *
   * @param secret the stored form
   * @param salt the four bytes of the challenge
   */
  public static String answer(String secret, byte[] salt) {
    byte[] inner = secret.substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII);
    return PREFIX + HexFormat.of().formatHex(ThreadDigest.MD5.of(inner, salt));
  }
}
