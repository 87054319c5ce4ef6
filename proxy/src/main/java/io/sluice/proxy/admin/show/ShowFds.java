package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/**
 * SHOW FDS: always empty. PgBouncer hands its sockets to its successor this way; here a restart
 * without a gap takes two processes on one port ({@code so_reuseport}).
 */
public final class ShowFds implements Show {
  private static final List<Column> COLUMNS =
      Columns.int4("fd")
          .andText("task", "user", "database", "addr")
          .andInt4("port")
          .andInt8("cancel")
          .andInt4("link")
          .andText("client_encoding", "std_strings", "datestyle", "timezone", "password")
          .andBytea("scram_client_key", "scram_server_key")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {}
}
