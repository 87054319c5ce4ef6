package io.sluice.proxy.auth;

import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.catalog.Credentials;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the password, and has somebody else check it: an LDAP directory, PAM ({@code ldap},
 * {@code pam}). The user need not be known here; servers are logged in to with the same password.
 *
 * @param text what the client is told when the password is wrong
 * @param check says why a user's password is wrong, or null when it is right; waits
 */
record DirectoryAuth(String user, String text, BiFunction<String, String, @Nullable String> check)
    implements AuthMethod {
  @Override
  public Workplace answersOn() {
    return Workplace.DIRECTORY;
  }

  @Override
  public AuthDecision begin() {
    return new AuthDecision.Challenge(BackendWriter::authenticationCleartextPassword);
  }

  @Override
  public AuthDecision answer(byte[] body) {
    String password = PasswordMessage.read(body);
    if (password == null) {
      return Refusals.failed(text, "broken password message");
    }
    if (password.isEmpty()) {
      return Refusals.failed("empty password returned by client", "empty password");
    }
    String wrong = check.apply(user, password);
    return wrong == null
        ? AuthDecision.Accepted.with(new Credentials(password))
        : Refusals.failed(text, wrong);
  }
}
