package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.stats.Counter;
import java.util.Arrays;
import java.util.List;

/** SHOW STATS: totals and averages, database by database. */
public final class ShowStats implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database").andNumeric(totals()).andNumeric(averages()).list();

  private static String[] totals() {
    return Arrays.stream(Counter.values())
        .map(counter -> "total_" + counter.word())
        .toArray(String[]::new);
  }

  /** The average of bytes received has a shorter name. */
  private static String[] averages() {
    return Arrays.stream(Counter.values())
        .map(counter -> counter == Counter.RECEIVED_BYTES ? "avg_recv" : "avg_" + counter.word())
        .toArray(String[]::new);
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
