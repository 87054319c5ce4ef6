package io.sluice.proxy.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket in epoll; its connections are plain sockets until they ask for TLS. */
final class SocketListener implements Listener, EpollIoHandle {
  private static final Logger log = LoggerFactory.getLogger(SocketListener.class);

  /** Connections accepted before others have their turn. */
  private static final int ACCEPTS_PER_TURN = 64;

  private static final int IPPROTO_TCP = 6;
  private static final int TCP_DEFER_ACCEPT = 9;

  /** Room for any address that accept(2) gives, and its length. */
  private static final int ADDRESS_BYTES = 256;

  private final LoopContext loop;
  private final Socket socket;
  private final boolean unix;
  private final String display;
  private final Options options;
  private final Reception reception;
  private final SocketAddress address;
  private final byte[] peer = new byte[ADDRESS_BYTES];
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable IoRegistration registration;
  private @Nullable SocketTuning tuning;
  private boolean resting;
  private boolean suspended;
  private boolean accepting;

  private SocketListener(
      LoopContext loop,
      Socket socket,
      boolean unix,
      String display,
      Options options,
      Reception reception) {
    this.loop = loop;
    this.socket = socket;
    this.unix = unix;
    this.display = display;
    this.options = options;
    this.reception = reception;
    this.address = unix ? socket.localDomainSocketAddress() : socket.localAddress();
  }

  static Listener bind(
      LoopContext loop,
      SocketAddress address,
      boolean unix,
      String display,
      Options options,
      Reception reception) {
    Socket socket = unix ? Socket.newSocketDomain() : Socket.newSocketStream();
    try {
      if (!unix) {
        socket.setReuseAddress(true);
        if (options.reusePort()) {
          socket.setReusePort(true);
        }
        if (options.deferAccept()) {
          socket.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);
        }
      }
      socket.bind(address);
      socket.listen(options.backlog());
    } catch (IOException refused) {
      closeQuietly(socket);
      throw new IllegalStateException(refused.getMessage(), refused);
    }
    SocketListener made = new SocketListener(loop, socket, unix, display, options, reception);
    loop.loop().submit(made::watch).syncUninterruptibly();
    log.info("listening on {}", display);
    return made;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      log.debug("close failed", gone);
    }
  }

  /** Goes on accepting, or rests: the end of a rest must not end a SUSPEND, nor vice versa. */
  private void watch() {
    boolean wanted = !resting && !suspended;
    if (wanted == accepting || closed.getCount() == 0) {
      return;
    }
    accepting = wanted;
    if (wanted) {
      registration = loop.register(this);
      registration.submit(EpollIoOps.EPOLLIN);
    } else {
      unregister();
    }
  }

  private void unregister() {
    IoRegistration mine = registration;
    registration = null;
    if (mine != null) {
      mine.cancel();
    }
  }

  /**
   * Connections are let in only when the events at hand are dealt with: one of them may be of a
   * connection that was closed meanwhile, and whose descriptor's number the new one has got.
   */
  @Override
  public void handle(IoRegistration source, IoEvent event) {
    loop.execute(this::acceptSome);
  }

  private void acceptSome() {
    try {
      for (int i = 0; i < ACCEPTS_PER_TURN && accepting; i++) {
        int descriptor = socket.accept(peer);
        if (descriptor < 0) {
          return;
        }
        accepted(new Socket(descriptor));
      }
    } catch (IOException failed) {
      log.error("accept failed, resting for {}s: {}", ACCEPT_PAUSE_S, failed.getMessage());
      resting = true;
      watch();
      loop.schedule(this::goOn, TimeUnit.SECONDS.toMillis(ACCEPT_PAUSE_S));
    }
  }

  private void goOn() {
    resting = false;
    watch();
  }

  private void accepted(Socket descriptor) {
    SocketTuning tuned = tuning();
    try {
      if (!unix) {
        tuned.apply(descriptor);
      }
    } catch (IOException gone) {
      // It was reset before it was accepted, most often.
      log.debug("{}: socket options refused", display, gone);
      closeQuietly(descriptor);
      return;
    }
    Acceptor acceptor = reception.next();
    if (acceptor.loop() == loop) {
      give(acceptor, descriptor, tuned);
    } else {
      acceptor.loop().execute(() -> give(acceptor, descriptor, tuned));
    }
  }

  private void give(Acceptor acceptor, Socket descriptor, SocketTuning tuning) {
    LoopContext its = acceptor.loop();
    PgConnection connection =
        new PgConnection(its, new SocketCarrier(its, descriptor, tuning, unix));
    acceptor.accepted(connection);
    connection.start();
  }

  /** The options in force: one object for all connections until they change. */
  private SocketTuning tuning() {
    SocketTuning now = options.tuning().now();
    SocketTuning before = tuning;
    if (before != null && before.equals(now)) {
      return before;
    }
    tuning = now;
    return now;
  }

  @Override
  public void close() {
    loop.execute(this::end);
  }

  private void end() {
    if (closed.getCount() == 0) {
      return;
    }
    accepting = false;
    closeQuietly(socket);
    unregister();
    closed.countDown();
  }

  @Override
  public void awaitClosed() {
    try {
      if (!closed.await(1, TimeUnit.SECONDS)) {
        log.warn("{} is still open", display);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void setAccepting(boolean accepts) {
    suspended = !accepts;
    watch();
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public SocketAddress address() {
    return address;
  }

  @Override
  public String toString() {
    return display;
  }
}
