package io.sluice.proxy.catalog;

/**
 * How many of something exist, held against a limit that may change at any time. Confined to the
 * event loop.
 */
public final class Quota {
  private int used;

  /** Says whether one more would exceed the limit; a limit of 0 or less means none. */
  public boolean isFull(int limit) {
    return limit > 0 && used >= limit;
  }

  /** Counts one more. */
  public void take() {
    used++;
  }

  /** Counts one less. */
  public void giveBack() {
    if (used == 0) {
      throw new IllegalStateException("quota given back twice");
    }
    used--;
  }

  public int used() {
    return used;
  }
}
