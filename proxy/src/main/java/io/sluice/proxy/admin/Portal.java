package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.admin.command.Reading;
import io.sluice.proxy.admin.show.ShowTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound statement of the extended protocol: the command, the formats in which the client wants
 * the columns, and the rows that it has not fetched yet. Confined to the event loop.
 */
final class Portal {
  private final Reading reading;
  private final List<Integer> formats;
  private @Nullable ShowTable table;
  private int nextRow;

  /**
   * Binds a statement.
   *
   * @param formats as in Bind: none for text, one for all columns, or one for each
   */
  Portal(Reading reading, List<Integer> formats) {
    this.reading = reading;
    this.formats = List.copyOf(formats);
  }

  Reading reading() {
    return reading;
  }

  /** Says whether the formats fit a number of columns. */
  static boolean fits(List<Integer> formats, int columnCount) {
    return formats.size() <= 1 || formats.size() == columnCount;
  }

  /** The format of a column. */
  int format(int at) {
    if (formats.isEmpty()) {
      return ValueCodec.TEXT;
    }
    return formats.get(formats.size() == 1 ? 0 : at);
  }

  /** The rows that an earlier Execute has made, or null if it was not executed yet. */
  @Nullable ShowTable table() {
    return table;
  }

  /** Says whether there are rows that were not fetched yet. */
  boolean hasRows() {
    return table != null && !table.rows().isEmpty();
  }

  /** Keeps the rows to be fetched. */
  void open(ShowTable made) {
    table = made;
  }

  /**
   * Writes rows that were not fetched yet.
   *
   * @param limit most rows to write; 0 for all
   * @return false when rows are left
   */
  boolean fetch(ByteBuf out, ShowTable from, int limit) {
    int size = from.rows().size();
    int end = limit <= 0 || limit > size - nextRow ? size : nextRow + limit;
    while (nextRow < end) {
      writeRow(out, from.columns(), from.rows().get(nextRow++));
    }
    boolean all = nextRow == size;
    if (all) {
      table = new ShowTable(from.columns());
      nextRow = 0;
    }
    return all;
  }

  private void writeRow(ByteBuf out, List<Column> columns, List<@Nullable Object> row) {
    List<byte @Nullable []> encoded = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      encoded.add(ValueCodec.encode(row.get(i), columns.get(i), format(i)));
    }
    BackendWriter.encodedRow(out, encoded);
  }
}
