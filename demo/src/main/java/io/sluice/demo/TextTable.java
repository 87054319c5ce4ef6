package io.sluice.demo;

import io.sluice.demo.wire.WireResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a result as a table of text. */
final class TextTable {
  private TextTable() {}

  /** Prints the rows under their column names. */
  static void print(PrintStream out, WireResult result) {
    List<List<@Nullable String>> lines = new ArrayList<>();
    lines.add(new ArrayList<>(result.columnNames()));
    lines.addAll(result.rows());
    int[] widths = new int[result.columnNames().size()];
    for (List<@Nullable String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], text(line.get(i)).length());
      }
    }
    for (List<@Nullable String> line : lines) {
      StringBuilder row = new StringBuilder(" ");
      for (int i = 0; i < widths.length; i++) {
        row.append(' ').append(text(line.get(i)));
        row.append(" ".repeat(widths[i] - text(line.get(i)).length() + 1));
      }
      out.println(row.toString().stripTrailing());
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
