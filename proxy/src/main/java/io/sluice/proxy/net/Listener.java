package io.sluice.proxy.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket. Its accepted connections are on the loop before anybody reads from them.
 */
public final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  /** After a failed accept (too many open files, most often) nothing is accepted for this long. */
  private static final int ACCEPT_PAUSE_S = 5;

  private final Channel channel;
  private final AcceptPause pause;
  private final String display;

  private Listener(Channel channel, AcceptPause pause, String display) {
    this.channel = channel;
    this.pause = pause;
    this.display = display;
  }

  /** Takes new connections. */
  @FunctionalInterface
  public interface Acceptor {
    /** A connection stands. Called on the loop. */
    void accepted(Channel channel);
  }

  /**
   * How to listen. Immutable.
   *
   * @param backlog listen(2) backlog
   * @param reusePort several processes may share the port ({@code so_reuseport})
   * @param deferAccept a connection counts when its first bytes are there
   * @param tuning options of the accepted sockets
   */
  public record Options(int backlog, boolean reusePort, boolean deferAccept, TuningSource tuning) {}

  /** The socket options in force when a connection is accepted. */
  @FunctionalInterface
  public interface TuningSource {
    /** The options now. */
    SocketTuning now();
  }

  /**
   * Binds.
   *
   * @param display the address for log lines
   * @throws IllegalStateException with the system's reason when the address cannot be had
   */
  public static Listener bind(
      LoopContext loop,
      Transport transport,
      SocketAddress address,
      boolean unix,
      String display,
      Options options,
      Acceptor acceptor) {
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
                    loop.tick();
                    options.tuning().now().apply(accepted);
                    acceptor.accepted(accepted);
                  }
                });
    if (!unix) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      if (transport == Transport.EPOLL) {
        bootstrap.option(EpollChannelOption.SO_REUSEPORT, options.reusePort());
        if (options.deferAccept()) {
          bootstrap.option(EpollChannelOption.TCP_DEFER_ACCEPT, 1);
        }
      }
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(bound.cause().getMessage(), bound.cause());
    }
    log.info("listening on {}", display);
    return new Listener(bound.channel(), pause, display);
  }

  /** Stops accepting; what was accepted goes on. */
  public void close() {
    channel.close();
  }

  /** Waits until the socket is closed. */
  public void awaitClosed() {
    channel.closeFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  /** Stops accepting for a while, or goes on: SUSPEND. To be called on the loop. */
  public void setAccepting(boolean accepting) {
    pause.suspended = !accepting;
    pause.apply(channel);
  }

  /** The address that was bound: the port, where port 0 was asked for. */
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
