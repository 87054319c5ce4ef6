package io.sluice.proxy.net;

import java.net.SocketAddress;

/**
 * One listening socket. Its accepted connections are on the loop before anybody reads from them.
 */
public interface Listener {
  /** After a failed accept (too many open files, most often) nothing is accepted for this long. */
  int ACCEPT_PAUSE_S = 5;

  /** Takes new connections on one event loop. */
  interface Acceptor {
    /** The loop that connections are given to. */
    LoopContext loop();

    /** A connection stands; it must be given its first phase. Called on the loop. */
    void accepted(PgConnection connection);
  }

  /** Decides which loop gets a new connection. */
  @FunctionalInterface
  interface Reception {
    /** Who takes the next one. Called on the loop of the listener. */
    Acceptor next();
  }

  /**
   * How to listen. Immutable.
   *
   * @param backlog listen(2) backlog
   * @param reusePort several processes may share the port ({@code so_reuseport})
   * @param deferAccept a connection counts when its first bytes are there
   * @param tuning options of the accepted sockets
   */
  record Options(int backlog, boolean reusePort, boolean deferAccept, TuningSource tuning) {}

  /** The socket options in force when a connection is accepted. */
  @FunctionalInterface
  interface TuningSource {
    /** The options now. */
    SocketTuning now();
  }

  /**
   * Binds.
   *
   * @param unix whether the address is a Unix socket's
   * @param display the address for log lines
   * @throws IllegalStateException with the system's reason when the address cannot be had
   */
  static Listener bind(
      LoopContext loop,
      Transport transport,
      SocketAddress address,
      boolean unix,
      String display,
      Options options,
      Reception reception) {
    return transport == Transport.EPOLL
        ? SocketListener.bind(loop, address, unix, display, options, reception)
        : ChannelListener.bind(loop, transport, address, unix, display, options, reception);
  }

  /** Stops accepting; what was accepted goes on. */
  void close();

  /** Waits until the socket is closed. */
  void awaitClosed();

  /** Stops accepting for a while, or goes on: SUSPEND. To be called on the loop. */
  void setAccepting(boolean accepting);

  /** The address that was bound: the port, where port 0 was asked for. */
  SocketAddress address();
}
