package io.sluice.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The ways to do network I/O: epoll where the kernel and the native library have it, else NIO. */
public enum Transport {
  /** Linux, through Netty's native library. */
  EPOLL(
      EpollSocketChannel.class,
      EpollServerSocketChannel.class,
      EpollDomainSocketChannel.class,
      EpollServerDomainSocketChannel.class,
      EpollDatagramChannel.class),

  /** Everywhere else. */
  NIO(
      NioSocketChannel.class,
      NioServerSocketChannel.class,
      NioDomainSocketChannel.class,
      NioServerDomainSocketChannel.class,
      NioDatagramChannel.class);

  private final Class<? extends Channel> tcpChannel;
  private final Class<? extends ServerChannel> tcpListener;
  private final Class<? extends Channel> unixChannel;
  private final Class<? extends ServerChannel> unixListener;
  private final Class<? extends DatagramChannel> datagramChannel;

  Transport(
      Class<? extends Channel> tcpChannel,
      Class<? extends ServerChannel> tcpListener,
      Class<? extends Channel> unixChannel,
      Class<? extends ServerChannel> unixListener,
      Class<? extends DatagramChannel> datagramChannel) {
    this.tcpChannel = tcpChannel;
    this.tcpListener = tcpListener;
    this.unixChannel = unixChannel;
    this.unixListener = unixListener;
    this.datagramChannel = datagramChannel;
  }

  /** The fastest one that works here. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /**
   * How many event loops there can be.
   *
   * @param wanted {@code workers}; 0 for one on each core
   */
  public int loops(int wanted) {
    if (this != EPOLL) {
      return 1;
    }
    return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
  }

  /** Starts event loops. */
  MultiThreadIoEventLoopGroup openLoops(int count) {
    IoHandlerFactory factory =
        this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", false), factory);
  }

  /** The address of a Unix socket; a leading {@code @} means the abstract namespace. */
  public SocketAddress unixAddress(String path) {
    if (this == EPOLL) {
      return new DomainSocketAddress(path.startsWith("@") ? '\0' + path.substring(1) : path);
    }
    return UnixDomainSocketAddress.of(Path.of(path));
  }

  public Class<? extends Channel> tcpChannel() {
    return tcpChannel;
  }

  public Class<? extends ServerChannel> tcpListener() {
    return tcpListener;
  }

  public Class<? extends Channel> unixChannel() {
    return unixChannel;
  }

  public Class<? extends ServerChannel> unixListener() {
    return unixListener;
  }

  public Class<? extends DatagramChannel> datagramChannel() {
    return datagramChannel;
  }
}
