package io.sluice.demo;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long things took, in classes of about three percent. Thread-safe.
 *
 * <p>A class is the position of the highest bit and the four bits behind it.
 */
final class Latencies {
  private static final int SUB_BITS = 5;
  private static final int CLASSES = 64 << SUB_BITS;
  private static final double NS_PER_MS = 1e6;

  private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

  /** Notes one. */
  void add(long ns) {
    counts.incrementAndGet(classOf(Math.max(1, ns)));
  }

  private static int classOf(long ns) {
    int magnitude = 63 - Long.numberOfLeadingZeros(ns);
    int sub = magnitude < SUB_BITS ? 0 : (int) (ns >>> (magnitude - SUB_BITS)) & 31;
    return (magnitude << SUB_BITS) | sub;
  }

  private static double upperNs(int index) {
    int magnitude = index >> SUB_BITS;
    int sub = index & 31;
    return Math.scalb(1.0 + (sub + 1) / 32.0, magnitude);
  }

  /** The time within which so many percent were done, in milliseconds. */
  double percentileMs(double percent) {
    long wanted = (long) Math.ceil(count() * percent / 100);
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += counts.get(i);
      if (seen >= wanted && seen > 0) {
        return upperNs(i) / NS_PER_MS;
      }
    }
    return 0;
  }

  /** The longest, in milliseconds. */
  double maxMs() {
    return percentileMs(100);
  }

  /** How many there were. */
  long count() {
    long count = 0;
    for (int i = 0; i < CLASSES; i++) {
      count += counts.get(i);
    }
    return count;
  }
}
