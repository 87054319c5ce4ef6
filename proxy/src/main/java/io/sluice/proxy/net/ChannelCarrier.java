package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.sluice.proxy.HotPath;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a Netty channel: the one inbound handler, behind TLS if there is any. Confined to
 * its event loop.
 */
@HotPath
final class ChannelCarrier extends ChannelInboundHandlerAdapter implements Carrier {
  /** How long a closing connection may take to drain: PostgreSQL's clients need milliseconds. */
  static final int LINGER_S = 10;

  private final LoopContext loop;
  private final Channel channel;
  private @Nullable PgConnection owner;
  private boolean closed;

  ChannelCarrier(LoopContext loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  // ---- events

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    owner().received((ByteBuf) msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    loop.endTurn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    loop.tick();
    owner().writabilityChanged(channel.isWritable());
    loop.endTurn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.tick();
    owner().ended();
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
    owner().failed(cause);
    loop.endTurn();
  }

  private PgConnection owner() {
    PgConnection mine = owner;
    if (mine == null) {
      throw new IllegalStateException("an event before the start");
    }
    return mine;
  }

  // ---- commands

  @Override
  public void start(PgConnection connection) {
    owner = connection;
    channel.pipeline().addLast(this);
  }

  @Override
  public void write(ByteBuf owned) {
    if (isOpen()) {
      channel.write(owned, channel.voidPromise());
    } else {
      ReferenceCountUtil.release(owned);
    }
  }

  @Override
  public void flush() {
    channel.flush();
  }

  /**
   * A write that fails closes the channel, and this handler is told later. Until then the channel
   * would still ask epoll about its descriptor, whose number may be another connection's by now.
   */
  @Override
  public void setReading(boolean reads) {
    if (channel.isOpen()) {
      channel.config().setAutoRead(reads);
    }
  }

  @Override
  public void finish() {
    if (owner != null && owner.isShaking()) {
      // What was written would wait for the end of the handshake.
      channel.close();
      return;
    }
    // The void promise has no listener: an empty write marks the end of what is queued.
    ChannelFuture sent = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    sent.addListener(done -> close());
    if (!sent.isDone()) {
      // A peer that reads nothing must not keep the connection for ever.
      Future<?> lingering = loop.loop().schedule(() -> channel.close(), LINGER_S, TimeUnit.SECONDS);
      channel.closeFuture().addListener(done -> lingering.cancel(false));
    }
  }

  /**
   * Closes when the events at hand are dealt with. Netty may still ask epoll about a descriptor
   * after the event in which it was closed; if a new connection has got the same number by then, it
   * would be that one whose events change, or that gets an event of the old one.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (loop.loop().isShuttingDown()) {
      // A loop that ends takes no tasks, and there will be no new connection.
      channel.close();
    } else {
      loop.loop().execute(channel::close);
    }
  }

  @Override
  public Carrier secure(PgConnection connection, SslHandler handler) {
    channel.pipeline().addFirst(handler);
    if (!channel.isRegistered()) {
      loop.loop().register(channel);
    }
    return this;
  }

  @Override
  public void move(LoopContext to, Consumer<Carrier> arrived) {
    // Not within the read that brought this about: more of it may be on its way to the handler.
    loop.execute(
        () -> {
          channel.pipeline().remove(this);
          channel.deregister().addListener(left -> enter(to, arrived));
        });
  }

  private void enter(LoopContext to, Consumer<Carrier> arrived) {
    to.loop()
        .register(channel)
        .addListener(there -> to.execute(() -> arrived.accept(new ChannelCarrier(to, channel))));
  }

  @Override
  public void replay(ByteBuf owned) {
    channel.pipeline().fireChannelRead(owned);
    channel.pipeline().fireChannelReadComplete();
  }

  // ---- queries

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
    return queued == null ? 0 : queued.totalPendingWriteBytes();
  }

  @Override
  public ByteBufAllocator alloc() {
    return channel.alloc();
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return channel.localAddress();
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  @Override
  public @Nullable UnixPeer peer() {
    return UnixPeer.of(channel);
  }
}
