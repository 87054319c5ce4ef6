package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.Handshake;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new connection to PostgreSQL that is to be encrypted before anything is said. Confined to its
 * event loop.
 *
 * <pre>
 *   SSLRequest ─→ 'S' ─→ handshake ─→ goes on
 *               ╰→ 'N' ─→ goes on in plain text, unless TLS is required
 *   direct: handshake with ALPN ─→ goes on
 * </pre>
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL">SSL
 *     session encryption</a>
 */
final class TlsPhase implements Phase, Handshake.Outcome {
  private static final Logger log = LoggerFactory.getLogger(TlsPhase.class);

  private final Server server;
  private final Destination destination;
  private final TlsContext tls;
  private final PgConnection connection;
  private final Runnable goOn;

  /**
   * Makes the phase.
   *
   * @param goOn enters the next phase
   */
  TlsPhase(
      Server server,
      Destination destination,
      TlsContext tls,
      PgConnection connection,
      Runnable goOn) {
    this.server = server;
    this.destination = destination;
    this.tls = tls;
    this.connection = connection;
    this.goOn = goOn;
  }

  /** Asks for TLS, or begins with it. */
  void start() {
    if (tls.settings().isDirect()) {
      shake();
      return;
    }
    connection.enter(this);
    ByteBuf out = connection.alloc().buffer(2 * Integer.BYTES);
    FrontendWriter.sslRequest(out);
    connection.write(out);
  }

  private void shake() {
    Handshake.connect(connection, tls, destination.host(), destination.port(), this);
  }

  @Override
  public void onRead(ByteBuf owned) {
    int answer = owned.isReadable() ? owned.readByte() : 0;
    boolean moreBehind = owned.isReadable();
    owned.release();
    if (moreBehind) {
      server.close(ServerClose.DATA_AFTER_TLS_ANSWER);
    } else if (answer == 'S') {
      shake();
    } else if (answer != 'N') {
      server.close(ServerClose.BAD_TLS_ANSWER);
    } else if (tls.settings().isRequired()) {
      server.close(ServerClose.TLS_REFUSED);
    } else {
      goOn.run();
    }
  }

  @Override
  public void secured(TlsSession session) {
    if (tls.settings().isDirect() && !TlsContext.POSTGRESQL.equals(session.applicationProtocol())) {
      insecure("PostgreSQL did not choose its ALPN protocol");
      return;
    }
    if (server.log().mayLogOpening(connection.loop().nowNs())) {
      log.info("{} SSL established: {}", server.logName(), session.text());
    }
    goOn.run();
  }

  @Override
  public void insecure(String reason) {
    String text = ServerClose.TLS_FAILED.text() + ": " + reason;
    if (server.log().mayLog(connection.loop().nowNs())) {
      log.warn("{} {}", server.logName(), text);
    }
    server.close(ServerClose.TLS_FAILED, text);
  }

  @Override
  public void onViolation(String sqlState, String text) {
    server.close(ServerClose.INTERNAL);
  }

  @Override
  public void onClosed(String cause) {
    server.close(ServerClose.LOST);
  }
}
