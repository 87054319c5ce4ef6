package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** A SHOW of one value that never changes: what drivers ask of every server. */
public final class ShowFixed implements Show {
  private final List<Column> columns;
  private final String value;

  public ShowFixed(String name, String value) {
    this.columns = Columns.text(name).list();
    this.value = value;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    table.row(value);
  }
}
