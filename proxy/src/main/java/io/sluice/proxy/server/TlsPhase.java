package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.Handshake;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsSession;

/**
 * A new connection to PostgreSQL, or to another pooler, that is to be encrypted before anything is
 * said. Confined to its event loop.
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
  private final Applicant applicant;
  private final Destination destination;
  private final TlsContext tls;
  private final PgConnection connection;
  private final Runnable goOn;
  private boolean isLoading;

  /** Who wants the connection encrypted. */
  interface Applicant {
    /** The handshake is done. */
    void secured(TlsSession session);

    /**
     * There is no connection.
     *
     * @param text the reason in words; those of {@code why} or more
     */
    void failed(ServerClose why, String text);
  }

  /**
   * Makes the phase.
   *
   * @param goOn enters the next phase
   */
  TlsPhase(
      Applicant applicant,
      Destination destination,
      TlsContext tls,
      PgConnection connection,
      Runnable goOn) {
    this.applicant = applicant;
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
    if (tls.isLoaded() || !loadElsewhere()) {
      begin();
    }
  }

  /** The first of all handshakes waits for the library; the loop does not. */
  private boolean loadElsewhere() {
    connection.enter(this);
    isLoading =
        connection
            .loop()
            .offload()
            .submit(
                () -> {
                  tls.load();
                  return tls;
                },
                loaded -> beginLate(),
                this::broken);
    return isLoading;
  }

  private void broken(RuntimeException bug) {
    if (!connection.isClosing()) {
      insecure(String.valueOf(bug.getMessage()));
    }
  }

  /** In a turn of its own, where nobody else would hear of a failure. */
  private void beginLate() {
    isLoading = false;
    try {
      begin();
    } catch (RuntimeException bug) {
      broken(bug);
    }
  }

  private void begin() {
    if (!connection.isClosing()) {
      Handshake.connect(connection, tls, destination.host(), destination.port(), this);
    }
  }

  @Override
  public void onRead(ByteBuf owned) {
    int answer = owned.isReadable() ? owned.readByte() : 0;
    boolean moreBehind = owned.isReadable() || isLoading;
    owned.release();
    if (moreBehind) {
      fail(ServerClose.DATA_AFTER_TLS_ANSWER);
    } else if (answer == 'S') {
      shake();
    } else if (answer != 'N') {
      fail(ServerClose.BAD_TLS_ANSWER);
    } else if (tls.settings().isRequired()) {
      fail(ServerClose.TLS_REFUSED);
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
    applicant.secured(session);
    goOn.run();
  }

  @Override
  public void insecure(String reason) {
    applicant.failed(ServerClose.TLS_FAILED, ServerClose.TLS_FAILED.text() + ": " + reason);
  }

  private void fail(ServerClose why) {
    applicant.failed(why, why.text());
  }

  @Override
  public void onViolation(String sqlState, String text) {
    fail(ServerClose.INTERNAL);
  }

  @Override
  public void onClosed(String cause) {
    fail(ServerClose.LOST);
  }
}
