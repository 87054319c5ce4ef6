package io.sluice.demo.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a simple query, of one statement or several.
 *
 * @param columns the columns of the last statement that had any
 * @param rows the rows of all statements, values as text
 * @param tags the command tags, one a statement
 * @param notices the NoticeResponses that came meanwhile
 */
public record WireResult(
    List<WireColumn> columns,
    List<List<@Nullable String>> rows,
    List<String> tags,
    List<WireMessage> notices) {

  /** Returns the only value of the only row. */
  public @Nullable String value() {
    if (rows.size() != 1 || rows.get(0).size() != 1) {
      throw new IllegalStateException("not one value: " + rows);
    }
    return rows.get(0).get(0);
  }

  /** Returns the only value of the only row as a number. */
  public long number() {
    String value = value();
    if (value == null) {
      throw new IllegalStateException("not a number: null");
    }
    return Long.parseLong(value);
  }

  /** Returns the values of one column, from the first row to the last. */
  public List<@Nullable String> column(String name) {
    int index = columnNames().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no column " + name + " in " + columnNames());
    }
    List<@Nullable String> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(index)));
    return values;
  }

  /** Returns the value of a column in the only row whose other column has a given value. */
  public @Nullable String value(String column, String whereColumn, String equals) {
    int row = column(whereColumn).indexOf(equals);
    if (row < 0) {
      throw new IllegalArgumentException(
          "no row with " + whereColumn + "=" + equals + " in " + rows);
    }
    return column(column).get(row);
  }

  /** Returns the names of the columns in their order. */
  public List<String> columnNames() {
    return columns.stream().map(WireColumn::name).toList();
  }
}
