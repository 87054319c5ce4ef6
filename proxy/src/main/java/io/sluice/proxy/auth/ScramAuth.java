package io.sluice.proxy.auth;

import io.sluice.protocol.scram.ScramFailure;
import io.sluice.protocol.scram.ScramSecret;
import io.sluice.protocol.scram.ScramServer;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.catalog.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256 ({@code scram-sha-256}), and SCRAM-SHA-256-PLUS where there is TLS to bind it to.
 *
 * <p>An unknown user gets a whole exchange, with a salt that is the same each time, which then
 * fails: names cannot be probed.
 */
final class ScramAuth implements AuthMethod {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String user;
  private final @Nullable Credentials credentials;
  private final byte[] processRandom;
  private final Iterations iterations;
  private @Nullable ScramServer exchange;
  private boolean genuine;
  private ChannelOffer offer = ChannelOffer.NONE;

  /**
   * Iteration counts where no SCRAM secret says one.
   *
   * @param ofPassword for users whose password is stored
   * @param ofNobody for names without a secret
   */
  record Iterations(int ofPassword, int ofNobody) {}

  ScramAuth(
      String user, @Nullable Credentials credentials, byte[] processRandom, Iterations iterations) {
    this.user = user;
    this.credentials = credentials;
    this.processRandom = processRandom.clone();
    this.iterations = iterations;
  }

  @Override
  public Workplace answersOn() {
    boolean derives = credentials != null && credentials.mustDerive(iterations.ofPassword());
    return derives ? Workplace.WORKER : Workplace.LOOP;
  }

  @Override
  public void bind(ChannelOffer offer) {
    this.offer = offer;
  }

  @Override
  public AuthDecision begin() {
    List<String> mechanisms = offer.mechanisms();
    if (mechanisms.isEmpty()) {
      return Refusals.sasl("client_channel_binding is required, and there is nothing to bind to");
    }
    return new AuthDecision.Challenge(out -> BackendWriter.authenticationSasl(out, mechanisms));
  }

  @Override
  public AuthDecision answer(byte[] body) {
    ScramServer started = exchange;
    try {
      return started == null ? first(body) : last(started, body);
    } catch (ScramFailure failure) {
      return Refusals.sasl(genuine ? String.valueOf(failure.getMessage()) : "no such user");
    }
  }

  /** SASLInitialResponse: {@code cstr mechanism | int32 length | bytes}. */
  private AuthDecision first(byte[] body) {
    int end = 0;
    while (end < body.length && body[end] != 0) {
      end++;
    }
    String mechanism = new String(body, 0, end, StandardCharsets.US_ASCII);
    if (!offer.mechanisms().contains(mechanism)) {
      return Refusals.failed(
          "client selected an invalid SASL authentication mechanism", "mechanism not offered");
    }
    int start = end + 1 + Integer.BYTES;
    if (body.length < start || ByteBuffer.wrap(body).getInt(end + 1) != body.length - start) {
      return Refusals.sasl("broken SASLInitialResponse");
    }
    byte[] message = new byte[body.length - start];
    System.arraycopy(body, start, message, 0, message.length);
    ScramServer started = new ScramServer(secret(), offer.bindingOf(mechanism), RANDOM);
    exchange = started;
    byte[] reply = started.onClientFirst(message);
    return new AuthDecision.Challenge(out -> BackendWriter.authenticationSaslContinue(out, reply));
  }

  private ScramSecret secret() {
    Credentials known = credentials;
    ScramSecret stored = known == null ? null : known.scram();
    if (stored != null) {
      genuine = true;
      return stored;
    }
    ScramSecret mock = ScramSecret.mock(user, processRandom, iterations.ofNobody());
    ScramSecret derived = known == null ? null : known.derive(mock.salt(), iterations.ofPassword());
    genuine = derived != null;
    return derived == null ? mock : derived;
  }

  private AuthDecision last(ScramServer started, byte[] body) {
    byte[] reply = started.onClientFinal(body);
    if (!genuine) {
      return Refusals.sasl(credentials == null ? "no such user" : "no usable secret");
    }
    boolean stored = credentials != null && credentials.scram() != null;
    return new AuthDecision.Accepted(
        out -> BackendWriter.authenticationSaslFinal(out, reply),
        stored ? started.keys() : null,
        null);
  }
}
