package io.sluice.it;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port whose connections go to one process and to the other in turn, as a balancer may send them:
 * a session to the first, the cancel request for it to the second.
 */
final class AlternatingRelay implements Closeable {
  private static final int BACKLOG = 10;

  private final ServerSocket listener;
  private final List<Integer> targets;
  private final AtomicInteger accepted = new AtomicInteger();

  private AlternatingRelay(ServerSocket listener, List<Integer> targets) {
    this.listener = listener;
    this.targets = targets;
  }

  /** Listens, and sends the first connection to the first port. */
  static AlternatingRelay between(int first, int second) throws IOException {
    ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    AlternatingRelay relay = new AlternatingRelay(listener, List.of(first, second));
    begin(relay::accept);
    return relay;
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      int number = accepted.getAndIncrement();
      int port = targets.get(number % targets.size());
      Socket target = new Socket(InetAddress.getLoopbackAddress(), port);
      begin(() -> copy(client, target));
      begin(() -> copy(target, client));
    }
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    }
  }

  /** What a thread does until its socket is closed. */
  private interface Work {
    void run() throws IOException;
  }

  private static void begin(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // The other side, or the test, has ended it.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections there have been. */
  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
