package io.sluice.proxy.admin.show;

import io.sluice.proxy.client.Front;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.stats.Counter;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counters of all pools as the SHOW STATS tables group them: by database, by name. */
public final class PoolStats {
  private PoolStats() {}

  /** All counters, the console's included. */
  public static List<PoolCounters> all(ProxyView view) {
    List<PoolCounters> all = new ArrayList<>();
    all.add(view.console());
    for (Pool pool : view.allPools()) {
      all.add(pool.counters());
    }
    return all;
  }

  static Map<String, List<PoolCounters>> byDatabase(ProxyView view) {
    Map<String, List<PoolCounters>> grouped = new TreeMap<>();
    grouped.computeIfAbsent(Front.CONSOLE, name -> new ArrayList<>()).add(view.console());
    for (Pool pool : view.allPools()) {
      grouped
          .computeIfAbsent(pool.key().database(), name -> new ArrayList<>())
          .add(pool.counters());
    }
    return grouped;
  }

  static StatsSnapshot totals(List<PoolCounters> pools) {
    StatsSnapshot sum = StatsSnapshot.ZERO;
    for (PoolCounters counters : pools) {
      sum = sum.plus(StatsSnapshot.of(counters));
    }
    return sum;
  }

  static StatsSnapshot averages(List<PoolCounters> pools, ProxyView view) {
    return view.averages().of(pools, view.nowNs());
  }

  /** A row of a name and all counters of each snapshot. */
  static void row(ShowTable table, String name, StatsSnapshot... snapshots) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(name);
    for (StatsSnapshot snapshot : snapshots) {
      for (Counter counter : Counter.values()) {
        row.add(snapshot.get(counter));
      }
    }
    table.row(row.toArray());
  }
}
