package io.sluice.demo.wire;

import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramClient;
import java.io.IOException;
import java.security.SecureRandom;

/** Answers the authentication requests of one login. Not thread-safe. */
final class WireAuth {
  private static final int OK = 0;
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;
  private static final String MECHANISM = "SCRAM-SHA-256";
  private static final byte[] NOTHING = {};

  private final WireLogin login;
  private final ScramClient scram;

  WireAuth(WireLogin login) {
    this.login = login;
    this.scram = ScramClient.withPassword(login.password(), new SecureRandom());
  }

  /** Returns the message that answers an Authentication message; empty when it needs none. */
  byte[] answer(WireMessage request) throws IOException {
    int method = request.int32(0);
    return switch (method) {
      case OK -> NOTHING;
      case CLEARTEXT -> FrontendMessages.password(login.password());
      case MD5 -> FrontendMessages.password(md5(request.bytesFrom(4)));
      case SASL -> beginScram(request);
      case SASL_CONTINUE ->
          FrontendMessages.saslResponse(scram.onServerFirst(request.bytesFrom(4)));
      case SASL_FINAL -> endScram(request);
      default -> throw new IOException("authentication method " + method + " is not supported");
    };
  }

  private String md5(byte[] salt) {
    return Md5Password.answer(Md5Password.hash(login.password(), login.user()), salt);
  }

  private byte[] beginScram(WireMessage request) throws IOException {
    if (!request.cstrsFrom(4).contains(MECHANISM)) {
      throw new IOException("the server knows no " + MECHANISM + ": " + request.cstrsFrom(4));
    }
    return FrontendMessages.saslInitial(MECHANISM, scram.clientFirst());
  }

  private byte[] endScram(WireMessage request) {
    scram.onServerFinal(request.bytesFrom(4));
    return NOTHING;
  }
}
