package io.sluice.proxy.admin;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens soon. */
final class Eventually {
  /** Far longer than a loaded machine needs. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private Eventually() {}

  /** Something that may come true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until a condition holds. */
  static void holds(Condition condition) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.holds()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("it did not happen");
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
