package io.sluice.demo;

import io.sluice.demo.wire.WireResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints columns of a result as psql does, numbers to the right. */
final class TextTable {
  private TextTable() {}

  /** Returns the lines of the table: header, rule and rows. */
  static List<String> lines(WireResult result, List<String> columns) {
    List<List<String>> cells = new ArrayList<>();
    for (String column : columns) {
      List<String> cell = new ArrayList<>(List.of(column));
      for (@Nullable String value : result.column(column)) {
        cell.add(value == null ? "" : value);
      }
      cells.add(cell);
    }
    List<String> lines = new ArrayList<>();
    for (int row = 0; row <= result.rows().size(); row++) {
      lines.add(line(cells, row));
    }
    lines.add(1, rule(cells));
    return lines;
  }

  private static String line(List<List<String>> cells, int row) {
    List<String> parts = new ArrayList<>();
    for (List<String> column : cells) {
      String cell = column.get(row);
      String padding = " ".repeat(width(column) - cell.length());
      boolean right = row > 0 && cell.matches("-?[0-9.]+");
      parts.add(" " + (right ? padding + cell : cell + padding) + " ");
    }
    return String.join("|", parts).stripTrailing();
  }

  private static String rule(List<List<String>> cells) {
    List<String> parts = new ArrayList<>();
    cells.forEach(column -> parts.add("-".repeat(width(column) + 2)));
    return String.join("+", parts);
  }

  private static int width(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElse(0);
  }
}
