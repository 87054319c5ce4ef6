package io.sluice.proxy.net;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes connections with sockets in epoll. Confined to its event loop. */
final class SocketDialer implements Dialer {
  private static final Logger log = LoggerFactory.getLogger(SocketDialer.class);

  private final LoopContext loop;

  SocketDialer(LoopContext loop) {
    this.loop = loop;
  }

  @Override
  public void connect(
      SocketAddress address, boolean unix, SocketTuning tuning, long timeoutMs, Outcome outcome) {
    if (!loop.isHere()) {
      // The first loop acts for this one, which stands still: see Loops.alone.
      loop.execute(() -> connect(address, unix, tuning, timeoutMs, outcome));
      return;
    }
    Attempt attempt =
        new Attempt(
            unix ? Socket.newSocketDomain() : Socket.newSocketStream(), unix, tuning, outcome);
    attempt.begin(address, timeoutMs);
  }

  /** One connection that is being made. */
  private final class Attempt implements EpollIoHandle {
    private final Socket socket;
    private final boolean unix;
    private final SocketTuning tuning;
    private final Outcome outcome;
    private @Nullable IoRegistration registration;
    private @Nullable Future<?> timeout;
    private boolean over;

    Attempt(Socket socket, boolean unix, SocketTuning tuning, Outcome outcome) {
      this.socket = socket;
      this.unix = unix;
      this.tuning = tuning;
      this.outcome = outcome;
    }

    void begin(SocketAddress address, long timeoutMs) {
      try {
        if (!unix) {
          tuning.apply(socket);
        }
        if (socket.connect(address)) {
          // Whoever asked is told in a turn of its own, as always.
          loop.execute(this::succeed);
          return;
        }
      } catch (IOException refused) {
        loop.execute(() -> fail(refused));
        return;
      }
      registration = loop.register(this);
      registration.submit(EpollIoOps.EPOLLOUT);
      if (timeoutMs > 0) {
        timeout =
            loop.loop()
                .schedule(() -> timedOut(address, timeoutMs), timeoutMs, TimeUnit.MILLISECONDS);
      }
    }

    private void timedOut(SocketAddress address, long timeoutMs) {
      loop.execute(
          () ->
              fail(
                  new ConnectTimeoutException(
                      "connection timed out after " + timeoutMs + " ms: " + address)));
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
      if (over) {
        return;
      }
      try {
        if (!socket.finishConnect()) {
          return;
        }
      } catch (IOException refused) {
        loop.execute(() -> fail(refused));
        return;
      }
      loop.execute(this::succeed);
    }

    private void succeed() {
      if (!finish()) {
        return;
      }
      outcome.connected(new PgConnection(loop, new SocketCarrier(loop, socket, tuning, unix)));
    }

    private void fail(Throwable cause) {
      if (!finish()) {
        return;
      }
      try {
        socket.close();
      } catch (IOException gone) {
        log.debug("close failed", gone);
      }
      outcome.failed(cause);
    }

    /** Leaves epoll to whoever comes next; false when that has happened already. */
    private boolean finish() {
      if (over) {
        return false;
      }
      over = true;
      if (registration != null) {
        registration.cancel();
      }
      if (timeout != null) {
        timeout.cancel(false);
      }
      return true;
    }

    @Override
    public FileDescriptor fd() {
      return socket;
    }

    @Override
    public void close() throws IOException {
      if (!over) {
        over = true;
        socket.close();
      }
    }
  }
}
