package io.sluice.proxy.guard;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many lines the log may have about something that strangers can bring about: a handful at
 * once, then one a second, and a count of those that were left out. Thread-safe: its lock, which is
 * held for a few instructions.
 */
public final class LineBudget {
  private static final Logger log = LoggerFactory.getLogger(LineBudget.class);
  private static final long NS_PER_LINE = 1_000_000_000L;

  private final String about;
  private final int burst;
  private boolean begun;
  private long spentToNs;
  private long omitted;
  private long omittedTotal;

  /**
   * Makes a budget.
   *
   * @param about what the lines are about, for the line that says how many were left out
   * @param burst lines that may come at once
   */
  public LineBudget(String about, int burst) {
    this.about = about;
    this.burst = burst;
  }

  /**
   * Takes one line; false when it has to be left out, which is counted. How many were left out is
   * logged before the next line that is not.
   */
  public boolean take(long nowNs) {
    synchronized (this) {
      if (!pays(nowNs)) {
        omitted++;
        omittedTotal++;
        return false;
      }
    }
    logOmitted();
    return true;
  }

  private boolean pays(long nowNs) {
    long full = nowNs - burst * NS_PER_LINE;
    if (!begun || spentToNs - full < 0) {
      // Time that was not used does not add up beyond the burst.
      begun = true;
      spentToNs = full;
    }
    if (spentToNs + NS_PER_LINE - nowNs > 0) {
      return false;
    }
    spentToNs += NS_PER_LINE;
    return true;
  }

  /** Says whether as many lines may come as at the beginning. */
  synchronized boolean isWhole(long nowNs) {
    return !begun || spentToNs - (nowNs - burst * NS_PER_LINE) <= 0;
  }

  /** Logs how many lines were left out, if any were. */
  void logOmitted() {
    long count;
    synchronized (this) {
      count = omitted;
      omitted = 0;
    }
    if (count > 0) {
      log.info("{} more log lines about {} were left out", count, about);
    }
  }

  /** Lines that were ever left out. */
  synchronized long omittedTotal() {
    return omittedTotal;
  }
}
