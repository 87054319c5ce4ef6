package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.Release;
import java.util.List;

/** SHOW VERSION: the PgBouncer that this console speaks like; tools parse it. */
public final class ShowVersion implements Show {
  /** The version whose console is spoken here. */
  public static final String VERSION = Release.PGBOUNCER;

  private static final List<Column> COLUMNS = Columns.text("version").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    table.row("PgBouncer " + VERSION);
  }
}
