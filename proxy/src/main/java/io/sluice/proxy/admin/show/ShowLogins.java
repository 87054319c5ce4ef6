package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.guard.Visitor;
import java.util.List;

/**
 * SHOW LOGINS: who is on the way in, and what has failed, one row for each address: this machine
 * first, then those from which somebody is connected, and those that left a trace in the last
 * minute.
 */
public final class ShowLogins implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("address", "state")
          .andInt4("login_connections", "connections", "failed_logins")
          .andInt8(
              "total_failed_logins",
              "total_delayed_logins",
              "total_refused_logins",
              "total_omitted_log_lines")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (Visitor.Snapshot row : view.clients().visitors().snapshots(view.nowNs())) {
      table.row(
          row.address(),
          row.state(),
          row.loggingIn(),
          row.loggedIn(),
          row.failed(),
          row.failedTotal(),
          row.delayedTotal(),
          row.refusedTotal(),
          row.omittedTotal());
    }
  }
}
