package io.sluice.proxy.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * Options of a new connection's socket. Immutable; zero means the operating system's default.
 *
 * @param keepAlive SO_KEEPALIVE ({@code tcp_keepalive})
 * @param keepIdleS seconds until the first probe ({@code tcp_keepidle})
 * @param keepIntervalS seconds between probes ({@code tcp_keepintvl})
 * @param keepCount probes until the connection is given up ({@code tcp_keepcnt})
 * @param userTimeoutMs TCP_USER_TIMEOUT ({@code tcp_user_timeout})
 * @param bufferBytes SO_SNDBUF and SO_RCVBUF ({@code tcp_socket_buffer})
 * @param readsPerTurn reads of one connection before others get their turn ({@code sbuf_loopcnt})
 */
public record SocketTuning(
    boolean keepAlive,
    int keepIdleS,
    int keepIntervalS,
    int keepCount,
    int userTimeoutMs,
    int bufferBytes,
    int readsPerTurn) {
  /** The largest receive buffer: bulk speed is this and little else (measured). */
  private static final int MAX_READ_BYTES = 64 * 1024;

  /**
   * More reads of that size in a row make the clients of small queries wait for those of large
   * results (measured).
   */
  private static final int MAX_READS = 2;

  private static final int MIN_READ_BYTES = 512;
  private static final int FIRST_READ_BYTES = 2048;

  /** One full receive buffer and a bit may wait for a peer before its source stops reading. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);

  /**
   * Sets the options.
   *
   * @throws io.netty.channel.ChannelException when the system refuses one
   */
  public void apply(Channel channel) {
    var config = channel.config();
    AdaptiveRecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);
    reads.maxMessagesPerRead(
        readsPerTurn <= 0 ? Integer.MAX_VALUE : Math.min(readsPerTurn, MAX_READS));
    config.setRecvByteBufAllocator(reads);
    config.setWriteBufferWaterMark(WATER_MARK);
    if (channel.remoteAddress() instanceof java.net.InetSocketAddress) {
      applyTcp(channel);
    }
  }

  private void applyTcp(Channel channel) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, keepAlive);
    if (bufferBytes > 0) {
      channel.config().setOption(ChannelOption.SO_SNDBUF, bufferBytes);
      channel.config().setOption(ChannelOption.SO_RCVBUF, bufferBytes);
    }
    if (channel instanceof EpollSocketChannel) {
      setIfAbove(channel, EpollChannelOption.TCP_KEEPIDLE, keepAlive ? keepIdleS : 0);
      setIfAbove(channel, EpollChannelOption.TCP_KEEPINTVL, keepAlive ? keepIntervalS : 0);
      setIfAbove(channel, EpollChannelOption.TCP_KEEPCNT, keepAlive ? keepCount : 0);
      setIfAbove(channel, EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMs);
    }
  }

  private static void setIfAbove(Channel channel, ChannelOption<Integer> option, int value) {
    if (value > 0) {
      channel.config().setOption(option, value);
    }
  }
}
