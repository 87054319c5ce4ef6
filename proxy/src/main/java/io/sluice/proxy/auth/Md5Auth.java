package io.sluice.proxy.auth;

import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.catalog.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Asks for a salted md5 of the password ({@code md5}). */
final class Md5Auth implements AuthMethod {
  private static final int SALT_BYTES = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String user;
  private final @Nullable Credentials credentials;
  private final byte[] salt = new byte[SALT_BYTES];

  Md5Auth(String user, @Nullable Credentials credentials) {
    this.user = user;
    this.credentials = credentials;
    RANDOM.nextBytes(salt);
  }

  @Override
  public AuthDecision begin() {
    return new AuthDecision.Challenge(out -> BackendWriter.authenticationMd5Password(out, salt));
  }

  @Override
  public AuthDecision answer(byte[] body) {
    String given = PasswordMessage.read(body);
    if (given == null) {
      return Refusals.password("broken password message");
    }
    if (given.isEmpty()) {
      return Refusals.failed("empty password returned by client", "empty password");
    }
    String secret = secret();
    if (secret == null) {
      return Refusals.password(credentials == null ? "no such user" : "no usable secret");
    }
    String wanted = Md5Password.answer(secret, salt);
    boolean same =
        MessageDigest.isEqual(
            wanted.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    return same ? AuthDecision.Accepted.PLAIN : Refusals.password("wrong password");
  }

  private @Nullable String secret() {
    if (credentials == null) {
      return null;
    }
    String md5 = credentials.md5();
    String plain = credentials.plain();
    return md5 != null || plain == null ? md5 : Md5Password.hash(plain, user);
  }
}
