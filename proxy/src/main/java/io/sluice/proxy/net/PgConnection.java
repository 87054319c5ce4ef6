package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.tls.TlsSession;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one inbound handler of a connection, to a client or to a server: hands what it reads to the
 * current phase, and is the {@link Link} through which the other side writes.
 *
 * <p>Writing marks the connection dirty; the loop flushes it once at the end of the turn. Confined
 * to its event loop.
 */
@HotPath
public final class PgConnection extends ChannelInboundHandlerAdapter implements Link {
  private static final Logger log = LoggerFactory.getLogger(PgConnection.class);

  /**
   * Unflushed bytes that are sent before the turn ends, so that a long result starts early: one
   * full receive buffer.
   */
  private static final int EARLY_FLUSH_BYTES = 64 * 1024;

  /** How long a closing connection may take to drain: PostgreSQL's clients need milliseconds. */
  private static final int LINGER_S = 10;

  private final LoopContext loop;
  private final Channel channel;
  private final long connectedNs;
  private final long connectedWallMs;
  private Phase phase;
  private long lastReadNs;
  private int pauses;
  private int unflushedBytes;
  private boolean dirty;
  private boolean closing;
  private boolean closedReported;
  private boolean shaking;
  private @Nullable TlsSession tls;

  public PgConnection(LoopContext loop, Channel channel, Phase phase) {
    this.loop = loop;
    this.channel = channel;
    this.phase = phase;
    this.connectedNs = loop.tick();
    this.connectedWallMs = System.currentTimeMillis();
    this.lastReadNs = connectedNs;
  }

  // ---- events

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf buf = (ByteBuf) msg;
    if (closing) {
      buf.release();
      return;
    }
    lastReadNs = loop.tick();
    phase.onRead(buf);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    loop.endTurn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    loop.tick();
    phase.onWritability(channel.isWritable());
    loop.endTurn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.tick();
    reportClosed("unexpected eof");
    loop.endTurn();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      // The other side has ended TLS; what it would send now could be anybody's.
      channel.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    loop.tick();
    fail(cause);
    loop.endTurn();
  }

  private void fail(Throwable cause) {
    if (cause instanceof ProtocolViolation violation) {
      phase.onViolation(violation.sqlState(), String.valueOf(violation.getMessage()));
    } else if (isOfTheNetwork(cause)) {
      reportClosed("unexpected eof");
      channel.close();
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
      fail(broken);
    }
  }

  /** TLS begins on this connection. */
  void beginTls() {
    shaking = true;
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
    if (!channel.isActive() || closing) {
      ReferenceCountUtil.release(owned);
      return;
    }
    unflushedBytes += owned.readableBytes();
    channel.write(owned, channel.voidPromise());
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    } else if (unflushedBytes >= EARLY_FLUSH_BYTES) {
      unflushedBytes = 0;
      channel.flush();
    }
  }

  void flushNow() {
    dirty = false;
    unflushedBytes = 0;
    channel.flush();
  }

  @Override
  public void pause(int reason) {
    if (pauses == 0) {
      setAutoRead(false);
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
      setAutoRead(true);
    }
  }

  /**
   * A write that fails closes the channel, and this handler is told later. Until then the channel
   * would still ask epoll about its descriptor, whose number may be another connection's by now.
   */
  private void setAutoRead(boolean reads) {
    if (channel.isOpen()) {
      channel.config().setAutoRead(reads);
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
    if (shaking) {
      // What was written would wait for the end of the handshake.
      channel.close();
      return;
    }
    // The void promise has no listener: an empty write marks the end of what is queued.
    ChannelFuture sent = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    sent.addListener(done -> closeLater());
    if (!sent.isDone()) {
      // A peer that reads nothing must not keep the connection for ever.
      Future<?> lingering = loop.loop().schedule(() -> channel.close(), LINGER_S, TimeUnit.SECONDS);
      channel.closeFuture().addListener(done -> lingering.cancel(false));
    }
  }

  /** Closes without sending what is queued. */
  public void abort() {
    closing = true;
    closedReported = true;
    closeLater();
  }

  /**
   * Closes when the events at hand are dealt with. Netty may still ask epoll about a descriptor
   * after the event in which it was closed; if a new connection has got the same number by then, it
   * would be that one whose events change, or that gets an event of the old one.
   */
  private void closeLater() {
    loop.loop().execute(() -> channel.close());
  }

  // ---- queries

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public ByteBufAllocator alloc() {
    return channel.alloc();
  }

  /** The loop that this connection belongs to. */
  public LoopContext loop() {
    return loop;
  }

  /** What the TLS handshake has shown; null on a connection without TLS. */
  public @Nullable TlsSession tls() {
    return tls;
  }

  /** The channel below, for addresses and options. */
  public Channel channel() {
    return channel;
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

  /** Bytes written here that the kernel has not taken yet. */
  public long pendingBytes() {
    return channel.unsafe().outboundBuffer() == null
        ? 0
        : channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }
}
