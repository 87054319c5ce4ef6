package io.sluice.proxy.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A field in double quotes on a line of the user list; a quote inside is doubled.
 *
 * @param value without the quotes around it, and with those inside made single
 * @param end index on the line behind the closing quote
 */
record QuotedField(String value, int end) {
  private static final char QUOTE = '"';

  /** Reads the field that comes next, behind blanks; null if there is none, or it does not end. */
  static @Nullable QuotedField at(String line, int from) {
    int index = from;
    while (index < line.length() && Character.isWhitespace(line.charAt(index))) {
      index++;
    }
    return index < line.length() && line.charAt(index) == QUOTE ? read(line, index + 1) : null;
  }

  private static @Nullable QuotedField read(String line, int from) {
    StringBuilder value = new StringBuilder();
    int index = from;
    while (index < line.length()) {
      char c = line.charAt(index);
      if (c == QUOTE) {
        boolean doubled = index + 1 < line.length() && line.charAt(index + 1) == QUOTE;
        if (!doubled) {
          return new QuotedField(value.toString(), index + 1);
        }
        index++;
      }
      value.append(c);
      index++;
    }
    return null;
  }

  /** Hides the value, which may be a secret. */
  @Override
  public String toString() {
    return "QuotedField[****]";
  }
}
