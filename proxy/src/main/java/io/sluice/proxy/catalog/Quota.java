package io.sluice.proxy.catalog;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of something exist, held against a limit that may change at any time. Exact over all
 * event loops: who gets a place has it before anybody else can look. Thread-safe.
 */
public final class Quota {
  private final AtomicInteger used = new AtomicInteger();

  /** Says whether one more would exceed the limit; a limit of 0 or less means none. */
  public boolean isFull(int limit) {
    return limit > 0 && used.get() >= limit;
  }

  /**
   * Counts one more, if that does not exceed the limit; a limit of 0 or less means none.
   *
   * @return false when it would, and nothing was counted
   */
  public boolean tryTake(int limit) {
    int now = used.get();
    while (limit <= 0 || now < limit) {
      if (used.compareAndSet(now, now + 1)) {
        return true;
      }
      now = used.get();
    }
    return false;
  }

  /** Counts one more, whatever the limit. */
  public void take() {
    used.incrementAndGet();
  }

  /** Counts one less. */
  public void giveBack() {
    if (used.getAndDecrement() <= 0) {
      used.incrementAndGet();
      throw new IllegalStateException("quota given back twice");
    }
  }

  public int used() {
    return used.get();
  }
}
