package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** SHOW STATS_AVERAGES: the averages of SHOW STATS under other names, the last four excepted. */
public final class ShowStatsAverages implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database")
          .andNumeric(
              "server_assignment_count",
              "xact_count",
              "query_count",
              "bytes_received",
              "bytes_sent",
              "xact_time",
              "query_time",
              "wait_time",
              "avg_client_parse_count",
              "avg_server_parse_count",
              "avg_bind_count",
              "avg_client_login_count")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    PoolStats.byDatabase(view)
        .forEach(
            (database, pools) -> PoolStats.row(table, database, PoolStats.averages(pools, view)));
  }
}
