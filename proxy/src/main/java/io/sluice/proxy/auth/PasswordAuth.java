package io.sluice.proxy.auth;

import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramSecret;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.catalog.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Asks for the password itself ({@code plain}); any kind of stored secret can verify it. */
final class PasswordAuth implements AuthMethod {
  private static final int MOCK_SALT_BYTES = 16;

  private final String user;
  private final @Nullable Credentials credentials;
  private final int mockIterations;

  /**
   * Asks a user.
   *
   * @param mockIterations what a name that does not exist costs; 0 for nothing
   */
  PasswordAuth(String user, @Nullable Credentials credentials, int mockIterations) {
    this.user = user;
    this.mockIterations = mockIterations;
    this.credentials = credentials;
  }

  @Override
  public Workplace answersOn() {
    boolean derives = credentials == null ? mockIterations > 0 : credentials.scram() != null;
    return derives ? Workplace.WORKER : Workplace.LOOP;
  }

  @Override
  public AuthDecision begin() {
    return new AuthDecision.Challenge(BackendWriter::authenticationCleartextPassword);
  }

  @Override
  public AuthDecision answer(byte[] body) {
    String password = PasswordMessage.read(body);
    if (password == null) {
      return Refusals.password("broken password message");
    }
    if (password.isEmpty()) {
      return Refusals.failed("empty password returned by client", "empty password");
    }
    Credentials secret = credentials;
    if (secret == null) {
      if (mockIterations > 0) {
        // How long it takes must not tell who exists.
        ScramSecret.derive(password, new byte[MOCK_SALT_BYTES], mockIterations);
      }
      return Refusals.password("no such user");
    }
    return matches(password, secret)
        ? AuthDecision.Accepted.PLAIN
        : Refusals.password("wrong password");
  }

  private boolean matches(String password, Credentials secret) {
    String md5 = secret.md5();
    if (md5 != null) {
      return same(Md5Password.hash(password, user), md5);
    }
    ScramSecret scram = secret.scram();
    if (scram != null) {
      ScramSecret proof = ScramSecret.derive(password, scram.salt(), scram.iterations());
      return MessageDigest.isEqual(proof.storedKey(), scram.storedKey());
    }
    String plain = secret.plain();
    return plain != null && same(password, plain);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
