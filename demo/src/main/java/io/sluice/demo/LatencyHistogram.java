package io.sluice.demo;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Counts durations in buckets whose width grows with the duration, 32 to each doubling, so that a
 * percentile is at most 3 % off. Thread-safe: atomics.
 */
final class LatencyHistogram {
  private static final int STEP_BITS = 5;
  private static final int STEPS = 1 << STEP_BITS;

  private final AtomicLongArray buckets = new AtomicLongArray(64 * STEPS);
  private final LongAccumulator max = new LongAccumulator(Math::max, 0);

  /** Counts one duration in nanoseconds. */
  void record(long durationNs) {
    buckets.incrementAndGet(indexOf(Math.max(0, durationNs)));
    max.accumulate(durationNs);
  }

  /** Returns how many durations were counted. */
  long count() {
    long count = 0;
    for (int i = 0; i < buckets.length(); i++) {
      count += buckets.get(i);
    }
    return count;
  }

  /** Returns the longest duration in nanoseconds; 0 if there was none. */
  long maxNs() {
    return max.get();
  }

  /**
   * Returns the duration in nanoseconds that a share of all durations does not exceed.
   *
   * @param percent from 0 to 100
   */
  long percentileNs(double percent) {
    long rank = Math.max(1, (long) Math.ceil(count() * percent / 100));
    long seen = 0;
    for (int i = 0; i < buckets.length(); i++) {
      seen += buckets.get(i);
      if (seen >= rank) {
        return Math.min(highestOf(i), maxNs());
      }
    }
    return maxNs();
  }

  /** Numbers the buckets by the exponent and the {@link #STEP_BITS} bits below the highest. */
  private static int indexOf(long value) {
    if (value < STEPS) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - STEP_BITS;
    return (shift + 1) * STEPS + (int) (value >> shift) - STEPS;
  }

  private static long highestOf(int index) {
    if (index < STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    return ((long) (index % STEPS + STEPS + 1) << shift) - 1;
  }
}
