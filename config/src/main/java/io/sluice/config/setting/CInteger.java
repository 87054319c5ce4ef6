package io.sluice.config.setting;

import org.jspecify.annotations.Nullable;

/** Integers as C's {@code strtol} with base 0 reads them. */
final class CInteger {
  private CInteger() {}

  /**
   * Reads {@code 10}, {@code -3}, {@code 0x1f} and {@code 0777}; the whole text must be the number.
   *
   * @return the number, or null if the text is no number or has more than 18 digits
   */
  static @Nullable Long parse(String text, Dialect dialect) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int base = 10;
    if (dialect.hasBases() && (digits.startsWith("0x") || digits.startsWith("0X"))) {
      base = 16;
      digits = digits.substring(2);
    } else if (dialect.hasBases() && digits.length() > 1 && digits.startsWith("0")) {
      base = 8;
      digits = digits.substring(1);
    }
    Long magnitude = magnitude(digits, base);
    if (magnitude == null) {
      return null;
    }
    return negative ? Long.valueOf(-magnitude) : magnitude;
  }

  private static @Nullable Long magnitude(String digits, int base) {
    if (digits.isEmpty()) {
      return null;
    }
    long sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, base) : -1;
      if (digit < 0 || sum > Long.MAX_VALUE / 64) {
        return null;
      }
      sum = sum * base + digit;
    }
    return sum;
  }
}
