package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.tls.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection, to a client or to a server: hands what is read from it to the current phase, and is
 * the {@link Link} through which the other side writes.
 *
 * <p>Writing marks the connection dirty; the loop flushes it once at the end of the turn. Confined
 * to its event loop.
 */
@HotPath
public final class PgConnection implements Link {
  private static final Logger log = LoggerFactory.getLogger(PgConnection.class);

  /**
   * Unflushed bytes that are sent before the turn ends, so that a long result starts early: one
   * full receive buffer.
   */
  private static final int EARLY_FLUSH_BYTES = 64 * 1024;

  private final LoopContext loop;
  private final long connectedNs;
  private final long connectedWallMs;
  private Carrier carrier;
  private Phase phase = Unready.INSTANCE;
  private long lastReadNs;
  private int pauses;
  private int unflushedBytes;
  private boolean dirty;
  private boolean closing;
  private boolean closedReported;
  private boolean shaking;
  private @Nullable TlsSession tls;

  PgConnection(LoopContext loop, Carrier carrier) {
    this.loop = loop;
    this.carrier = carrier;
    this.connectedNs = loop.tick();
    this.connectedWallMs = System.currentTimeMillis();
    this.lastReadNs = connectedNs;
  }

  /** Goes on with a connection that was on another loop. */
  PgConnection(LoopContext loop, Carrier carrier, PgConnection before) {
    this.loop = loop;
    this.carrier = carrier;
    this.connectedNs = before.connectedNs;
    this.connectedWallMs = before.connectedWallMs;
    this.lastReadNs = before.lastReadNs;
    this.tls = before.tls;
  }

  /** Begins to read; the connection must have been given its first phase. */
  public void start() {
    carrier.start(this);
  }

  // ---- events

  /** Bytes have come. */
  void received(ByteBuf owned) {
    if (closing) {
      owned.release();
      return;
    }
    lastReadNs = loop.tick();
    loop.memory().received(owned.readableBytes());
    phase.onRead(owned);
  }

  /** The peer drains again, or stopped draining, what was written. */
  void writabilityChanged(boolean writable) {
    phase.onWritability(writable);
  }

  /** The peer has closed the connection. */
  void ended() {
    reportClosed("unexpected eof");
  }

  /** Reading or sending has failed, or what was read could not be dealt with. */
  void failed(Throwable cause) {
    if (cause instanceof ProtocolViolation violation) {
      phase.onViolation(violation.sqlState(), String.valueOf(violation.getMessage()));
    } else if (isOfTheNetwork(cause)) {
      reportClosed("unexpected eof");
      carrier.close();
    } else {
      log.error("unexpected failure in {}", phase.getClass().getSimpleName(), cause);
      phase.onViolation("XX000", "internal error");
    }
  }

  /** What is no TLS comes wrapped. */
  private static boolean isOfTheNetwork(Throwable cause) {
    return cause instanceof IOException
        || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
  }

  private void reportClosed(String cause) {
    if (!closedReported) {
      closedReported = true;
      closing = true;
      phase.onClosed(cause);
    }
  }

  // ---- commands

  /** Goes to the next step of the connection's life. */
  public void enter(Phase next) {
    phase = next;
  }

  /**
   * Has the phase go on with what it holds. May be called in the turn of another connection: what
   * is wrong with these bytes ends this connection, and not the other.
   */
  public void readAgain() {
    if (closing) {
      return;
    }
    try {
      phase.onRead(Unpooled.EMPTY_BUFFER);
    } catch (RuntimeException broken) {
      failed(broken);
    }
  }

  /** Says whether the connection could go to another loop now. */
  public boolean mayMove() {
    return !closing && !shaking && carrier.isOpen() && carrier.pendingBytes() == 0;
  }

  /**
   * Leaves this loop for another one.
   *
   * @param arrived called there with the connection as it is there
   */
  void depart(LoopContext to, Consumer<PgConnection> arrived) {
    carrier.move(to, there -> arrived.accept(new PgConnection(to, there, this)));
  }

  /**
   * Goes on reading after the way from another loop.
   *
   * @param owned what was read on that loop, and not looked at
   */
  void goOn(ByteBuf owned) {
    if (!carrier.isOpen()) {
      owned.release();
      ended();
      return;
    }
    if (owned.isReadable()) {
      try {
        received(owned);
      } catch (RuntimeException broken) {
        failed(broken);
      }
    } else {
      owned.release();
    }
    if (pauses == 0 && !closing) {
      carrier.setReading(true);
    }
  }

  /** TLS begins on this connection. */
  void beginTls(SslHandler handler) {
    shaking = true;
    carrier = carrier.secure(this, handler);
  }

  /** Hands bytes that were read as plain text to the TLS that has begun. */
  void replay(ByteBuf owned) {
    carrier.replay(owned);
  }

  boolean isShaking() {
    return shaking;
  }

  /** The handshake is over, and has shown this. */
  void endTls(TlsSession session) {
    shaking = false;
    tls = session;
  }

  /** The current step of the connection's life. */
  public Phase phase() {
    return phase;
  }

  @Override
  public void write(ByteBuf owned) {
    if (closing || !carrier.isOpen()) {
      owned.release();
      return;
    }
    unflushedBytes += owned.readableBytes();
    carrier.write(owned);
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    } else if (unflushedBytes >= EARLY_FLUSH_BYTES) {
      unflushedBytes = 0;
      carrier.flush();
    }
  }

  /** Sends what is queued. */
  public void flushNow() {
    dirty = false;
    unflushedBytes = 0;
    carrier.flush();
  }

  @Override
  public void pause(int reason) {
    if (pauses == 0) {
      carrier.setReading(false);
    }
    pauses |= reason;
  }

  @Override
  public void resume(int reason) {
    if (pauses == 0) {
      return;
    }
    pauses &= ~reason;
    if (pauses == 0 && !closing) {
      carrier.setReading(true);
    }
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    closedReported = true;
    unflushedBytes = 0;
    carrier.finish();
  }

  /** Closes without sending what is queued. */
  public void abort() {
    closing = true;
    closedReported = true;
    carrier.close();
  }

  // ---- queries

  @Override
  public boolean isWritable() {
    return carrier.isWritable();
  }

  @Override
  public ByteBufAllocator alloc() {
    return carrier.alloc();
  }

  /** The loop that this connection belongs to. */
  public LoopContext loop() {
    return loop;
  }

  /** What the TLS handshake has shown; null on a connection without TLS. */
  public @Nullable TlsSession tls() {
    return tls;
  }

  /** Our end, if the system says. */
  public @Nullable SocketAddress localAddress() {
    return carrier.localAddress();
  }

  /** The other end, if the system says. */
  public @Nullable SocketAddress remoteAddress() {
    return carrier.remoteAddress();
  }

  /**
   * Who is at the other end of a Unix socket; null on others, and where the system does not say.
   */
  public @Nullable UnixPeer peer() {
    return carrier.peer();
  }

  /** When bytes were last read here, on the loop's clock. */
  public long lastReadNs() {
    return lastReadNs;
  }

  /** When the connection was made, on the loop's clock. */
  public long connectedNs() {
    return connectedNs;
  }

  /** When the connection was made, in milliseconds since 1970. */
  public long connectedWallMs() {
    return connectedWallMs;
  }

  /** Says whether this side does not read now. */
  public boolean isPaused() {
    return pauses != 0;
  }

  /** Says whether this side has closed, or seen the end of, the connection. */
  public boolean isClosing() {
    return closing;
  }

  /** Says whether the connection is read from. */
  public boolean isReading() {
    return pauses == 0;
  }

  /** Bytes written here that the kernel has not taken yet. */
  public long pendingBytes() {
    return carrier.pendingBytes();
  }

  /** Stands in until the connection is given its first phase; nothing is read before. */
  private enum Unready implements Phase {
    INSTANCE;

    @Override
    public void onRead(ByteBuf owned) {
      owned.release();
    }

    @Override
    public void onViolation(String sqlState, String text) {}

    @Override
    public void onClosed(String cause) {}
  }
}
