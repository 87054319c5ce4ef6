package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsReason;
import io.sluice.proxy.tls.TlsSession;

/**
 * A connection whose TLS handshake runs: nothing is read from it as a message. Confined to its
 * event loop.
 *
 * <p>TLS lies in front of the connection's own handler, and only where there is TLS: the way of
 * plain connections is the same as without this class.
 */
public final class Handshake implements Phase {
  private final PgConnection connection;
  private final TlsContext context;
  private final SslHandler handler;
  private final Outcome outcome;
  private String reason = "connection closed";

  private Handshake(
      PgConnection connection, TlsContext context, SslHandler handler, Outcome outcome) {
    this.connection = connection;
    this.context = context;
    this.handler = handler;
    this.outcome = outcome;
  }

  /** Who is told how a handshake ends; one of the methods is called, once. */
  public interface Outcome {
    /** The connection is encrypted; it must be given its next phase now. */
    void secured(TlsSession session);

    /**
     * There is no TLS; the connection is of no use any more.
     *
     * @param reason a few words for the log
     */
    void insecure(String reason);
  }

  /** Answers a client's handshake, which is still to come. */
  public static void accept(PgConnection connection, TlsContext context, Outcome outcome) {
    begin(connection, context, context.accept(connection.alloc()), outcome);
  }

  /**
   * Answers a client's handshake, whose first bytes have been read already.
   *
   * @param owned everything that was read
   */
  public static void accept(
      PgConnection connection, TlsContext context, ByteBuf owned, Outcome outcome) {
    accept(connection, context, outcome);
    connection.replay(owned);
  }

  /**
   * Begins a handshake with PostgreSQL.
   *
   * @param host as configured
   */
  public static void connect(
      PgConnection connection, TlsContext context, String host, int port, Outcome outcome) {
    begin(connection, context, context.connect(connection.alloc(), host, port), outcome);
  }

  private static void begin(
      PgConnection connection, TlsContext context, SslHandler handler, Outcome outcome) {
    Handshake handshake = new Handshake(connection, context, handler, outcome);
    connection.enter(handshake);
    handler.handshakeFuture().addListener(handshake::finished);
    connection.beginTls(handler);
  }

  private void finished(Future<?> shaken) {
    if (connection.isClosing()) {
      return;
    }
    if (!shaken.isSuccess()) {
      // The alert that tells the other side is sent next; then the connection is closed.
      reason = TlsReason.of(shaken.cause());
      return;
    }
    connection.loop().tick();
    TlsSession session = TlsSession.of(handler, context);
    connection.endTls(session);
    outcome.secured(session);
  }

  @Override
  public void onRead(ByteBuf owned) {
    // Before the end of the handshake nothing is decrypted that anybody could read.
    owned.release();
    onViolation("", "data before the end of the handshake");
  }

  @Override
  public void onViolation(String sqlState, String text) {
    outcome.insecure(text);
  }

  @Override
  public void onClosed(String cause) {
    outcome.insecure(reason);
  }
}
