package io.sluice.proxy.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * Options of a new connection's socket. Immutable; zero means the operating system's default.
 *
 * @param keepAlive SO_KEEPALIVE ({@code tcp_keepalive})
 * @param keepIdleS seconds until the first probe ({@code tcp_keepidle})
 * @param keepIntervalS seconds between probes ({@code tcp_keepintvl})
 * @param keepCount probes until the connection is given up ({@code tcp_keepcnt})
 * @param userTimeoutMs TCP_USER_TIMEOUT ({@code tcp_user_timeout})
 * @param bufferBytes SO_SNDBUF and SO_RCVBUF ({@code tcp_socket_buffer})
 * @param readsPerTurn reads of one channel before others get their turn ({@code sbuf_loopcnt}); a
 *     {@link SocketCarrier} has its own order
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
  static final int MAX_READ_BYTES = 64 * 1024;

  /**
   * More reads of that size in a row make the clients of small queries wait for those of large
   * results (measured).
   */
  private static final int MAX_READS = 2;

  private static final int MIN_READ_BYTES = 512;
  private static final int FIRST_READ_BYTES = 2048;

  /** One full receive buffer and a bit may wait for a peer before its source stops reading. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(Carrier.LOW_WATER_BYTES, Carrier.HIGH_WATER_BYTES);

  /** Their numbers on Linux. */
  private static final int IPPROTO_TCP = 6;

  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;
  private static final int TCP_USER_TIMEOUT = 18;

  /** Reads of one connection in a row before the others have their turn. */
  int turnReads() {
    return readsPerTurn <= 0 ? Integer.MAX_VALUE : Math.min(readsPerTurn, MAX_READS);
  }

  /**
   * Sets the options.
   *
   * @throws io.netty.channel.ChannelException when the system refuses one
   */
  void apply(Channel channel) {
    applyBuffers(channel);
    if (channel.remoteAddress() instanceof java.net.InetSocketAddress) {
      applyTcp(channel);
    }
  }

  /** Sets what is a channel's own, and not its socket's. */
  void applyBuffers(Channel channel) {
    var config = channel.config();
    AdaptiveRecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);
    reads.maxMessagesPerRead(turnReads());
    config.setAllocator(LoopContext.ALLOCATOR);
    config.setRecvByteBufAllocator(reads);
    config.setWriteBufferWaterMark(WATER_MARK);
  }

  /**
   * Sets the options of a TCP socket.
   *
   * @throws IOException when the system refuses one
   */
  void apply(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    if (keepAlive) {
      socket.setKeepAlive(true);
      setIfAbove(socket, TCP_KEEPIDLE, keepIdleS);
      setIfAbove(socket, TCP_KEEPINTVL, keepIntervalS);
      setIfAbove(socket, TCP_KEEPCNT, keepCount);
    }
    setIfAbove(socket, TCP_USER_TIMEOUT, userTimeoutMs);
    if (bufferBytes > 0) {
      socket.setSendBufferSize(bufferBytes);
      socket.setReceiveBufferSize(bufferBytes);
    }
  }

  private static void setIfAbove(Socket socket, int option, int value) throws IOException {
    if (value > 0) {
      socket.setIntOpt(IPPROTO_TCP, option, value);
    }
  }

  private void applyTcp(Channel channel) {
    if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
      try {
        apply(socket);
      } catch (IOException e) {
        throw new ChannelException(e);
      }
      return;
    }
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, keepAlive);
    if (bufferBytes > 0) {
      channel.config().setOption(ChannelOption.SO_SNDBUF, bufferBytes);
      channel.config().setOption(ChannelOption.SO_RCVBUF, bufferBytes);
    }
  }
}
