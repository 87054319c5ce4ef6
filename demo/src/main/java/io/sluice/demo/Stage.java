package io.sluice.demo;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * All that the demonstration has started, taken down in the opposite order; once, by whoever comes
 * first: the end of the main thread or the end of the JVM. Thread-safe.
 */
final class Stage implements Closeable {
  private final Deque<Closeable> started = new ArrayDeque<>();
  private boolean closed;

  /**
   * Takes over what has been started.
   *
   * @throws IOException when everything is being taken down already; so is this, then
   */
  synchronized <T extends Closeable> T add(T thing) throws IOException {
    if (closed) {
      thing.close();
      throw new IOException("the demonstration has ended");
    }
    started.push(thing);
    return thing;
  }

  /** Takes everything down. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!started.isEmpty()) {
      Closeable thing = started.pop();
      try {
        thing.close();
      } catch (IOException e) {
        System.err.println("sluice demo: cannot end " + thing + ": " + e.getMessage());
      }
    }
  }

  /** Tells whether everything is being taken down, or has been. */
  synchronized boolean isClosed() {
    return closed;
  }
}
