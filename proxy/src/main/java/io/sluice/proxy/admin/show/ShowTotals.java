package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.stats.Counter;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsSnapshot;
import java.util.List;

/** SHOW TOTALS: all databases together, one row for each number. */
public final class ShowTotals implements Show {
  private static final List<Column> COLUMNS = Columns.text("name").andNumeric("value").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    List<PoolCounters> pools = PoolStats.all(view);
    rows(table, "total_", PoolStats.totals(pools));
    rows(table, "avg_", PoolStats.averages(pools, view));
  }

  private static void rows(ShowTable table, String prefix, StatsSnapshot snapshot) {
    for (Counter counter : Counter.values()) {
      table.row(prefix + wordOf(counter), snapshot.get(counter));
    }
  }

  /** Five counters have names of their own here. */
  private static String wordOf(Counter counter) {
    return switch (counter) {
      case RECEIVED_BYTES -> "client_bytes";
      case SENT_BYTES -> "server_bytes";
      case CLIENT_PARSES, SERVER_PARSES, BINDS -> "ps_" + counter.word();
      default -> counter.word();
    };
  }
}
