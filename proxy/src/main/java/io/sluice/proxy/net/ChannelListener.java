package io.sluice.proxy.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket on a Netty channel. Its connections stay on its loop: the only one there is.
 */
final class ChannelListener implements Listener {
  private static final Logger log = LoggerFactory.getLogger(ChannelListener.class);

  private final Channel channel;
  private final AcceptPause pause;
  private final String display;

  private ChannelListener(Channel channel, AcceptPause pause, String display) {
    this.channel = channel;
    this.pause = pause;
    this.display = display;
  }

  static Listener bind(
      LoopContext loop,
      Transport transport,
      SocketAddress address,
      boolean unix,
      String display,
      Options options,
      Reception reception) {
    AcceptPause pause = new AcceptPause();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.loop().parent(), loop.loop().parent())
            .channel(unix ? transport.unixListener() : transport.tcpListener())
            .option(ChannelOption.SO_BACKLOG, options.backlog())
            .handler(pause)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    options.tuning().now().apply(accepted);
                    PgConnection connection =
                        new PgConnection(loop, new ChannelCarrier(loop, accepted));
                    reception.next().accepted(connection);
                    connection.start();
                  }
                });
    if (!unix) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      if (transport == Transport.IO_URING) {
        bootstrap.option(UnixChannelOption.SO_REUSEPORT, options.reusePort());
        if (options.deferAccept()) {
          bootstrap.option(IoUringChannelOption.TCP_DEFER_ACCEPT, 1);
        }
      }
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(bound.cause().getMessage(), bound.cause());
    }
    log.info("listening on {}", display);
    return new ChannelListener(bound.channel(), pause, display);
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public void awaitClosed() {
    channel.closeFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  @Override
  public void setAccepting(boolean accepting) {
    pause.suspended = !accepting;
    pause.apply(channel);
  }

  @Override
  public SocketAddress address() {
    return channel.localAddress();
  }

  @Override
  public String toString() {
    return display;
  }

  /**
   * Rests after a failed accept, so that a process without descriptors does not spin, and lets
   * connections in only when the events at hand are dealt with: one of them may be of a connection
   * that was closed meanwhile, and whose descriptor's number the new one has got.
   */
  private static final class AcceptPause extends ChannelInboundHandlerAdapter {
    private boolean resting;
    private boolean suspended;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      ctx.executor().execute(() -> ctx.fireChannelRead(accepted));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.error("accept failed, resting for {}s: {}", ACCEPT_PAUSE_S, cause.getMessage());
      resting = true;
      apply(ctx.channel());
      ctx.executor().schedule(() -> goOn(ctx.channel()), ACCEPT_PAUSE_S, TimeUnit.SECONDS);
    }

    private void goOn(Channel channel) {
      resting = false;
      apply(channel);
    }

    /** The end of a rest must not end a SUSPEND, nor the other way round. */
    private void apply(Channel channel) {
      channel.config().setAutoRead(!resting && !suspended);
    }
  }
}
