package io.sluice.proxy.auth;

import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.auth.hba.IdentMaps;
import io.sluice.proxy.auth.jwt.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a password, which has to be a token that names the user ({@code jwt}). The user need not
 * be known here; the token is of no use for servers.
 *
 * @param maps the maps of the ident file
 * @param map the one that says which users a name in a token stands for, or null when the names
 *     have to be the same
 */
record TokenAuth(String user, Tokens tokens, IdentMaps maps, @Nullable String map)
    implements AuthMethod {
  private static final String TEXT = "JWT authentication failed";

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
    String token = PasswordMessage.read(body);
    if (token == null) {
      return Refusals.failed(TEXT, "broken password message");
    }
    Tokens.Verdict verdict = tokens.check(token);
    if (verdict instanceof Tokens.Refused refused) {
      return Refusals.failed(TEXT, refused.why());
    }
    String named = ((Tokens.Names) verdict).user();
    return maps.allows(map, named, user)
        ? AuthDecision.Accepted.PLAIN
        : Refusals.failed(TEXT, "the token is for another user");
  }
}
