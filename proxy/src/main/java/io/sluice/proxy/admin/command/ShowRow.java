package io.sluice.proxy.admin.command;

import io.sluice.proxy.admin.show.Show;
import org.jspecify.annotations.Nullable;

/**
 * One SHOW of the table.
 *
 * @param word what is shown, in upper case
 * @param needsAdmin whether statistics users are refused
 * @param show the table; null for HELP, which is a notice
 */
record ShowRow(String word, boolean needsAdmin, @Nullable Show show) {
  static ShowRow of(String word, Show show) {
    return new ShowRow(word, false, show);
  }
}
