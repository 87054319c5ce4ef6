package io.sluice.proxy.auth.hba;

import java.util.List;

/**
 * A line of a file, cut into fields; each field is one word, or several that commas join.
 *
 * @param file the file, as it was named
 * @param number the line, from 1; of a line that is continued, the first
 * @param fields at least one
 */
record HbaLine(String file, int number, List<List<HbaToken>> fields) {
  /** The place, as {@code file:line}. */
  String place() {
    return file + ":" + number;
  }
}
