package io.sluice.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The values of all counters at one moment, of one pool or of several together. Immutable. */
public final class StatsSnapshot {
  /** Nothing has happened. */
  public static final StatsSnapshot ZERO = make(counter -> 0);

  private static final long US_PER_S = 1_000_000L;

  private final Map<Counter, Long> values;

  private StatsSnapshot(Map<Counter, Long> values) {
    this.values = values;
  }

  private static StatsSnapshot make(ToLongFunction<Counter> value) {
    Map<Counter, Long> values = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      values.put(counter, value.applyAsLong(counter));
    }
    return new StatsSnapshot(values);
  }

  /** Reads all counters of a pool. */
  public static StatsSnapshot of(PoolCounters counters) {
    return make(counter -> counter.of(counters));
  }

  /** One counter; times in microseconds. */
  public long get(Counter counter) {
    return values.getOrDefault(counter, 0L);
  }

  /** Both together. */
  public StatsSnapshot plus(StatsSnapshot other) {
    return make(counter -> get(counter) + other.get(counter));
  }

  /** What has been added since an earlier moment. */
  public StatsSnapshot minus(StatsSnapshot earlier) {
    return make(counter -> get(counter) - earlier.get(counter));
  }

  /**
   * The averages of what this difference has counted, as SHOW STATS has them: counts and bytes a
   * second; times per transaction, per query and per lease, in microseconds.
   *
   * @param periodUs length of the period in microseconds
   */
  public StatsSnapshot averages(long periodUs) {
    return make(
        counter ->
            switch (counter) {
              case TRANSACTION_TIME -> per(counter, Counter.TRANSACTIONS);
              case QUERY_TIME -> per(counter, Counter.QUERIES);
              case WAIT_TIME -> per(counter, Counter.SERVER_ASSIGNMENTS);
              default -> perSecond(get(counter), periodUs);
            });
  }

  private long per(Counter time, Counter count) {
    return get(count) == 0 ? 0 : get(time) / get(count);
  }

  /** Seconds and the rest apart: the plain product overflows beyond nine terabytes. */
  private static long perSecond(long value, long periodUs) {
    if (periodUs <= 0) {
      return 0;
    }
    return value / periodUs * US_PER_S + value % periodUs * US_PER_S / periodUs;
  }
}
