package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.stats.Counter;
import java.util.List;

/** SHOW STATS: totals and averages, database by database. */
public final class ShowStats implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database").andNumeric(totals()).andNumeric(averages()).list();

  private static String[] totals() {
    return names(List.of(Counter.values()), "total_");
  }

  /** The averages of bytes have short names here. */
  private static String[] averages() {
    String[] names = names(List.of(Counter.values()), "avg_");
    names[Counter.RECEIVED_BYTES.ordinal()] = "avg_recv";
    return names;
  }

  private static String[] names(List<Counter> counters, String prefix) {
    return counters.stream().map(counter -> prefix + counter.word()).toArray(String[]::new);
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    PoolStats.byDatabase(view)
        .forEach(
            (database, pools) ->
                PoolStats.row(
                    table, database, PoolStats.totals(pools), PoolStats.averages(pools, view)));
  }
}
