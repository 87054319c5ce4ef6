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
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.config.value.TransportChoice;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to do network I/O: epoll or io_uring where the kernel has them, else NIO. */
public enum Transport {
  /** Linux, through Netty's native library. */
  EPOLL(
      EpollSocketChannel.class,
      EpollServerSocketChannel.class,
      EpollDomainSocketChannel.class,
      EpollServerDomainSocketChannel.class,
      EpollDatagramChannel.class),

  /** Linux again, its newer way; often forbidden in containers. */
  IO_URING(
      IoUringSocketChannel.class,
      IoUringServerSocketChannel.class,
      IoUringDomainSocketChannel.class,
      IoUringServerDomainSocketChannel.class,
      IoUringDatagramChannel.class),

  /** Everywhere else. */
  NIO(
      NioSocketChannel.class,
      NioServerSocketChannel.class,
      NioDomainSocketChannel.class,
      NioServerDomainSocketChannel.class,
      NioDatagramChannel.class);

  private static final int URING_QUIET_MS = 50;
  private static final Logger log = LoggerFactory.getLogger(Transport.class);

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

  /** The one that {@code transport} asks for, or, with a warning, the best if that has no place. */
  public static Transport of(TransportChoice choice) {
    Throwable missing =
        switch (choice) {
          case AUTO, NIO -> null;
          case EPOLL -> Epoll.unavailabilityCause();
          case IO_URING -> IoUring.unavailabilityCause();
        };
    if (missing != null) {
      Transport best = best();
      log.warn("transport = {} does not work here, using {}: {}", choice, best, reason(missing));
      return best;
    }
    return switch (choice) {
      case AUTO -> best();
      case EPOLL -> EPOLL;
      case IO_URING -> IO_URING;
      case NIO -> NIO;
    };
  }

  /** The innermost cause: the others only say that the library has not been loaded. */
  private static String reason(Throwable missing) {
    Throwable cause = missing;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /**
   * How many event loops there can be.
   *
   * @param wanted {@code workers}; 0 for one on each core
   */
  public int loops(int wanted) {
    int loops = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
    if (this != EPOLL && loops > 1) {
      log.warn("workers = {}: there is one, for only epoll serves several, not {}", wanted, this);
      return 1;
    }
    return loops;
  }

  /** Starts event loops. */
  MultiThreadIoEventLoopGroup openLoops(int count) {
    IoHandlerFactory factory =
        switch (this) {
          case EPOLL -> EpollIoHandler.newFactory();
          case IO_URING -> IoUringIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", false), factory);
  }

  /**
   * How long a loop stays, to its end, behind the last event: with io_uring the kernel has to be
   * heard before a channel is closed.
   */
  int quietMs() {
    return this == IO_URING ? URING_QUIET_MS : 0;
  }

  /** The address of a Unix socket; a leading {@code @} means the abstract namespace. */
  public SocketAddress unixAddress(String path) {
    if (this != NIO) {
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

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
