package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.config.value.ChannelBinding;
import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramBinding;
import io.sluice.protocol.scram.ScramClient;
import io.sluice.protocol.scram.ScramFailure;
import io.sluice.protocol.scram.ScramKeys;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.tls.TlsSession;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers PostgreSQL's demands for a proof of who we are: cleartext, md5, SCRAM-SHA-256, and
 * SCRAM-SHA-256-PLUS where there is TLS.
 *
 * <p>The iterated hash of SCRAM is computed by a worker; reading stops meanwhile. Confined to its
 * event loop.
 */
final class ServerAuthentication {
  private static final Logger log = LoggerFactory.getLogger(ServerAuthentication.class);

  private static final int OK = 0;
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;
  private static final int SALT_BYTES = 4;
  private static final String UNBOUND =
      "server login failed: channel_binding is required, and the server does not ask for it";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Server server;
  private final ServerTarget target;
  private final PgConnection connection;
  private final Runnable proceed;
  private @Nullable ScramClient scram;
  private boolean verified;
  private boolean bound;
  private boolean busy;

  ServerAuthentication(
      Server server, ServerTarget target, PgConnection connection, Runnable proceed) {
    this.server = server;
    this.target = target;
    this.connection = connection;
    this.proceed = proceed;
  }

  /** Says whether a worker is computing an answer. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Takes an Authentication message.
   *
   * @return true when PostgreSQL is satisfied
   */
  boolean onRequest(ByteBuf view, int bodyStart, int bodyLength) {
    if (bodyLength < Integer.BYTES) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return false;
    }
    int kind = view.getInt(bodyStart);
    if (mustBind() && (kind == CLEARTEXT || kind == MD5)) {
      fail(UNBOUND);
      return false;
    }
    byte[] data = new byte[bodyLength - Integer.BYTES];
    view.getBytes(bodyStart + Integer.BYTES, data);
    switch (kind) {
      case OK:
        return acceptOk();
      case CLEARTEXT:
        cleartext();
        return false;
      case MD5:
        md5(data);
        return false;
      case SASL:
        saslStart(data);
        return false;
      case SASL_CONTINUE:
        saslContinue(data);
        return false;
      case SASL_FINAL:
        saslFinal(data);
        return false;
      default:
        log("unknown/unsupported auth method: " + kind);
        server.close(ServerClose.AUTH_UNANSWERED);
        return false;
    }
  }

  private boolean acceptOk() {
    if (scram != null && !verified) {
      // A server that skips its own proof may be anybody.
      fail("server login failed: failed to verify server signature");
      return false;
    }
    if (mustBind() && !bound) {
      fail(UNBOUND);
      return false;
    }
    return true;
  }

  private void cleartext() {
    String stored = target.secret().stored();
    if (stored == null) {
      failForWant();
      return;
    }
    sendPassword(stored);
  }

  private void md5(byte[] salt) {
    LoginSecret secret = target.secret();
    String md5 = secret.md5();
    String plain = secret.plain();
    if (md5 == null && plain != null) {
      md5 = Md5Password.hash(plain, server.user().name());
    }
    if (md5 == null || salt.length != SALT_BYTES) {
      failForWant();
      return;
    }
    sendPassword(Md5Password.answer(md5, salt));
  }

  private void sendPassword(String password) {
    ByteBuf out = connection.alloc().buffer();
    FrontendWriter.password(out, password);
    connection.write(out);
  }

  private boolean mustBind() {
    return target.channelBinding() == ChannelBinding.REQUIRE;
  }

  private void saslStart(byte[] data) {
    ScramBinding binding = chooseBinding(data);
    if (binding == null) {
      return;
    }
    ScramKeys keys = target.secret().keys();
    String plain = target.secret().plain();
    if (keys != null) {
      scram = ScramClient.withKeys(keys, binding, RANDOM);
    } else if (plain != null) {
      scram = ScramClient.withPassword(plain, binding, RANDOM);
    } else {
      if (target.secret().md5() != null) {
        log(
            "PostgreSQL asks for SCRAM, which an md5 secret cannot answer: store the password,"
                + " or its SCRAM secret");
      }
      failForWant();
      return;
    }
    bound = binding.isBound();
    String mechanism = bound ? ScramBinding.BOUND_MECHANISM : ScramBinding.PLAIN_MECHANISM;
    ByteBuf out = connection.alloc().buffer();
    FrontendWriter.saslInitialResponse(out, mechanism, scram.clientFirst());
    connection.write(out);
  }

  /** Chooses the mechanism; null when the login has failed for want of one. */
  private @Nullable ScramBinding chooseBinding(byte[] data) {
    boolean offersBound = offers(data, ScramBinding.BOUND_MECHANISM);
    TlsSession tls = connection.tls();
    if (offersBound && tls == null) {
      // An honest server has nothing to bind to either.
      fail("server login failed: the server offers SCRAM-SHA-256-PLUS without TLS");
      return null;
    }
    boolean wanted = target.channelBinding() != ChannelBinding.DISABLE;
    byte[] endPoint = tls == null || !wanted ? null : tls.serverEndPoint();
    if (offersBound && endPoint != null) {
      return ScramBinding.to(endPoint);
    }
    if (mustBind()) {
      fail(UNBOUND);
      return null;
    }
    if (!offers(data, ScramBinding.PLAIN_MECHANISM)) {
      fail(
          "server login failed: none of the server's SASL authentication mechanisms are"
              + " supported");
      return null;
    }
    return endPoint == null ? ScramBinding.NONE : ScramBinding.UNUSED;
  }

  /** The mechanisms are NUL-terminated names; an empty one ends the list. */
  private static boolean offers(byte[] data, String mechanism) {
    for (String name : new String(data, StandardCharsets.US_ASCII).split("\0", -1)) {
      if (name.equals(mechanism)) {
        return true;
      }
    }
    return false;
  }

  private void saslContinue(byte[] data) {
    ScramClient exchange = scram;
    if (exchange == null) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    busy = true;
    connection.pause(Link.HELD);
    Supplier<byte[]> work = () -> exchange.onServerFirst(data);
    boolean accepted = server.loop().offload().submit(work, this::sendProof, this::scramFailed);
    if (!accepted) {
      busy = false;
      fail("server login failed: too many logins at once");
    }
  }

  private void sendProof(byte[] proof) {
    busy = false;
    if (server.isClosed()) {
      return;
    }
    connection.resume(Link.HELD);
    ByteBuf out = connection.alloc().buffer();
    FrontendWriter.saslResponse(out, proof);
    connection.write(out);
    proceed.run();
  }

  private void scramFailed(RuntimeException failure) {
    busy = false;
    if (!server.isClosed()) {
      log("SCRAM failed: " + failure.getMessage());
      fail("server login failed: wrong password type");
    }
  }

  private void saslFinal(byte[] data) {
    ScramClient exchange = scram;
    if (exchange == null) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    try {
      exchange.onServerFinal(data);
      verified = true;
    } catch (ScramFailure failure) {
      fail("server login failed: invalid server signature");
    }
  }

  private void failForWant() {
    fail("server login failed: " + target.secret().lack());
  }

  private void fail(String text) {
    log(text);
    server.owner().loginRefused(server, Refusal.of(text));
    server.close(ServerClose.AUTH_UNANSWERED, text);
  }

  private void log(String text) {
    if (server.log().mayLog(server.loop().nowNs())) {
      log.warn("{} {}", server.logName(), text);
    }
  }
}
