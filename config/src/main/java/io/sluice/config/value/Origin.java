package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

/**
 * Where a value was given. Immutable.
 *
 * @param file file name, or words such as {@code environment} or {@code console}
 * @param line line from 1, or 0 if there are no lines
 */
public record Origin(String file, int line) {
  public Origin {
    requireNonNull(file, "file");
  }

  /** Writes {@code file:line}. */
  @Override
  public String toString() {
    return line > 0 ? file + ':' + line : file;
  }
}
