package io.sluice.config.setting;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes: bytes in PgBouncer's files, bytes or a number with a unit in HOCON. */
final class ByteSize {
  private static final Pattern NUMBER =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)\\s*([a-zA-Z]+)");

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("b", 1L),
          Map.entry("byte", 1L),
          Map.entry("bytes", 1L),
          Map.entry("kb", 1000L),
          Map.entry("k", 1024L),
          Map.entry("ki", 1024L),
          Map.entry("kib", 1024L),
          Map.entry("mb", 1_000_000L),
          Map.entry("m", 1L << 20),
          Map.entry("mi", 1L << 20),
          Map.entry("mib", 1L << 20),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("g", 1L << 30),
          Map.entry("gi", 1L << 30),
          Map.entry("gib", 1L << 30));

  private ByteSize() {}

  /** Reads a number of bytes, or returns null if the text is none. */
  static @Nullable Long parse(String text, Dialect dialect) {
    Long plain = CInteger.parse(text, dialect);
    if (plain != null || !dialect.hasUnits()) {
      return plain;
    }
    Matcher matcher = NUMBER.matcher(text);
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    return unit == null
        ? null
        : Long.valueOf(Math.round(Double.parseDouble(matcher.group(1)) * unit));
  }
}
