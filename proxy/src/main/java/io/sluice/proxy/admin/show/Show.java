package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.List;

/** One SHOW: its columns, which never change, and its rows, which are made when it is asked. */
public interface Show {
  /** The columns, in order. */
  List<Column> columns();

  /** Adds the rows as they are now. Called on the event loop. */
  void fill(ShowTable table, ProxyView view);
}
