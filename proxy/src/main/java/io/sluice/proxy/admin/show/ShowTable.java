package io.sluice.proxy.admin.show;

import static java.util.Objects.requireNonNull;

import io.sluice.protocol.write.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one SHOW: columns and rows. */
public final class ShowTable {
  private final List<Column> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  public ShowTable(List<Column> columns) {
    this.columns = requireNonNull(columns, "columns");
  }

  /**
   * Adds a row.
   *
   * @param values one for each column: a String, Integer or Long, or null
   */
  public void row(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns: " + columns);
    }
    rows.add(Collections.unmodifiableList(Arrays.asList(values.clone())));
  }

  public List<Column> columns() {
    return columns;
  }

  public List<List<@Nullable Object>> rows() {
    return rows;
  }
}
