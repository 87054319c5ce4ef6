package io.sluice.demo.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Answers the authentication requests of one login. Not thread-safe. */
final class WireAuth {
  private static final int OK = 0;
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;

  private final WireLogin login;

  WireAuth(WireLogin login) {
    this.login = login;
  }

  /** Returns the message that answers an Authentication message; empty when it needs none. */
  byte[] answer(WireMessage request) throws IOException {
    int method = request.int32(0);
    return switch (method) {
      case OK -> new byte[0];
      case CLEARTEXT -> FrontendMessages.password(login.password());
      case MD5 -> FrontendMessages.password(md5Answer(request.bytesFrom(4)));
      default -> throw new IOException("authentication method " + method + " is not supported");
    };
  }

  private String md5Answer(byte[] salt) {
    String inner = md5(utf8(login.password() + login.user()), new byte[0]);
    return "md5" + md5(utf8(inner), salt);
  }

  private static String md5(byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(first);
      digest.update(second);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
