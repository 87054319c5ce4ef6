package io.sluice.proxy.stats;

import java.util.IdentityHashMap;
import java.util.List;

/**
 * What the counters of all pools said at the last two ticks, from which averages are made.
 *
 * <p>An average compares now with the tick before the last one, so it covers between one and two
 * periods and does not jump at a tick. Confined to the event loop.
 */
public final class StatsAverages {
  private static final long NS_PER_S = 1_000_000_000L;
  private static final long NS_PER_US = 1_000;

  private IdentityHashMap<PoolCounters, StatsSnapshot> newer = new IdentityHashMap<>();
  private IdentityHashMap<PoolCounters, StatsSnapshot> older = new IdentityHashMap<>();
  private long newerNs;
  private long olderNs;

  public StatsAverages(long startNs) {
    // As if a tick had been a second ago: there is no division by zero at the start.
    newerNs = startNs;
    olderNs = startNs - NS_PER_S;
  }

  /** Ends a period. Pools that are no longer among those given are forgotten. */
  public void roll(List<PoolCounters> pools, long nowNs) {
    older = newer;
    olderNs = newerNs;
    newer = new IdentityHashMap<>();
    newerNs = nowNs;
    for (PoolCounters counters : pools) {
      newer.put(counters, StatsSnapshot.of(counters));
    }
  }

  /** What some pools have done since the tick before the last one. */
  public StatsSnapshot recent(List<PoolCounters> pools) {
    StatsSnapshot sum = StatsSnapshot.ZERO;
    for (PoolCounters counters : pools) {
      StatsSnapshot before = older.getOrDefault(counters, StatsSnapshot.ZERO);
      sum = sum.plus(StatsSnapshot.of(counters).minus(before));
    }
    return sum;
  }

  /** The averages of some pools, as SHOW STATS has them. */
  public StatsSnapshot of(List<PoolCounters> pools, long nowNs) {
    return recent(pools).averages((nowNs - olderNs) / NS_PER_US);
  }

  /** When the last period ended. */
  public long lastTickNs() {
    return newerNs;
  }
}
