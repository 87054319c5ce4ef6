package io.sluice.proxy.net;

import java.net.SocketAddress;

/** Makes connections. Confined to its event loop. */
public interface Dialer {
  /** Who is told how it went; one of the methods is called, once, in a turn of its own. */
  interface Outcome {
    /**
     * The connection stands, and must be given its first phase, and be started with {@link
     * PgConnection#start}; nothing is read from it before.
     */
    void connected(PgConnection connection);

    /** There is no connection; the message is the system's reason. */
    void failed(Throwable cause);
  }

  /** The dialer of a loop. */
  static Dialer of(LoopContext loop, Transport transport) {
    return transport == Transport.EPOLL
        ? new SocketDialer(loop)
        : new ChannelDialer(loop, transport);
  }

  /**
   * Connects.
   *
   * @param unix whether the address is a Unix socket's
   * @param timeoutMs how long it may take; 0 for no limit of ours
   */
  void connect(
      SocketAddress address, boolean unix, SocketTuning tuning, long timeoutMs, Outcome outcome);
}
