package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** SHOW STATE: whether all is running, paused or suspended. */
public final class ShowState implements Show {
  private static final List<Column> COLUMNS = Columns.text("key", "value").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    boolean suspended = view.actions().isSuspended();
    boolean paused = view.actions().isPaused() && !suspended;
    table.row("active", word(!paused && !suspended));
    table.row("paused", word(paused));
    table.row("suspended", word(suspended));
  }

  private static String word(boolean holds) {
    return holds ? "yes" : "no";
  }
}
