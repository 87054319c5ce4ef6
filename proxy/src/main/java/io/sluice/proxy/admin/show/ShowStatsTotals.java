package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** SHOW STATS_TOTALS: the totals of SHOW STATS under other names. */
public final class ShowStatsTotals implements Show {
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
              "client_parse_count",
              "server_parse_count",
              "bind_count",
              "client_login_count")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    PoolStats.byDatabase(view)
        .forEach((database, pools) -> PoolStats.row(table, database, PoolStats.totals(pools)));
  }
}
