package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** SHOW DNS_ZONES: always empty, zones are not polled for changes here. */
public final class ShowDnsZones implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("zonename").andInt8("serial").andInt4("count").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {}
}
