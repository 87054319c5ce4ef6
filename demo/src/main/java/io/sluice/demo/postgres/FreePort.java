package io.sluice.demo.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds TCP ports that nobody uses. They come from below the range that systems give to outgoing
 * connections, so that a server that stops for a moment finds its port free when it comes back.
 */
public final class FreePort {
  private static final int FIRST = 10_240;
  private static final int END = 32_000;
  private static final int MAX_TRIES = 200;

  private FreePort() {}

  /** Returns a port of the loopback address that was free a moment ago. */
  public static int find() throws IOException {
    for (int i = 0; i < MAX_TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port between " + FIRST + " and " + END);
  }

  /** Tells whether a server could listen on a port of the loopback address now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
