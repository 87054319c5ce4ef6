package io.sluice.proxy.auth;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a PasswordMessage: {@code cstr password}. */
final class PasswordMessage {
  private PasswordMessage() {}

  /** The password, or null when the body is not one string that ends with the body. */
  static @Nullable String read(byte[] body) {
    int last = body.length - 1;
    if (last < 0 || body[last] != 0) {
      return null;
    }
    for (int i = 0; i < last; i++) {
      if (body[i] == 0) {
        return null;
      }
    }
    return new String(body, 0, last, StandardCharsets.UTF_8);
  }
}
