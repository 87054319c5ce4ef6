package io.sluice.config.setting;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times: seconds in PgBouncer's files, seconds or a number with a unit in HOCON. */
final class Seconds {
  /** Longest time that fits into a long of nanoseconds, about 292 years. */
  private static final double MAX_SECONDS = 9.2e9;

  private static final Pattern NUMBER =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\\s*([a-zA-Z]*)");

  private static final Map<String, Double> UNITS =
      Map.ofEntries(
          Map.entry("", 1.0),
          Map.entry("us", 1e-6),
          Map.entry("micros", 1e-6),
          Map.entry("microseconds", 1e-6),
          Map.entry("ms", 1e-3),
          Map.entry("millis", 1e-3),
          Map.entry("milliseconds", 1e-3),
          Map.entry("s", 1.0),
          Map.entry("sec", 1.0),
          Map.entry("second", 1.0),
          Map.entry("seconds", 1.0),
          Map.entry("m", 60.0),
          Map.entry("min", 60.0),
          Map.entry("minute", 60.0),
          Map.entry("minutes", 60.0),
          Map.entry("h", 3600.0),
          Map.entry("hour", 3600.0),
          Map.entry("hours", 3600.0),
          Map.entry("d", 86400.0),
          Map.entry("day", 86400.0),
          Map.entry("days", 86400.0));

  private Seconds() {}

  /** Reads a time, to the microsecond. */
  static Parsed<Duration> parse(String text, Dialect dialect) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return Parsed.bad("expected a time in seconds", example(dialect));
    }
    String unit = matcher.group(2).toLowerCase(Locale.ROOT);
    Double factor = UNITS.get(unit);
    if (factor == null) {
      return Parsed.bad("unknown unit of time", "one of us, ms, s, min, h, d");
    }
    double seconds = Double.parseDouble(matcher.group(1)) * factor;
    if (!unit.isEmpty() && !dialect.hasUnits()) {
      return Parsed.bad("units are not understood here", "write " + g(seconds) + ", in seconds");
    }
    if (seconds < 0) {
      return Parsed.bad("a time can not be negative");
    }
    if (seconds > MAX_SECONDS) {
      return Parsed.bad("the time is too long", "0 switches most time-outs off");
    }
    return Parsed.good(Duration.of(Math.round(seconds * 1e6), ChronoUnit.MICROS));
  }

  /** Reads a time that has to be whole seconds. */
  static Parsed<Duration> parseWhole(String text, Dialect dialect) {
    Long number = CInteger.parse(text, dialect);
    Parsed<Duration> parsed =
        number == null ? parse(text, dialect) : parse(Long.toString(number), dialect);
    if (parsed instanceof Parsed.Good<Duration> good && good.value().toNanosPart() != 0) {
      return Parsed.bad("expected whole seconds");
    }
    return parsed;
  }

  /** Prints seconds as C's {@code %g} does: {@code 3600}, {@code 0.5}, {@code 1e+06}. */
  static String print(Duration time) {
    return g(time.getSeconds() + time.getNano() / 1e9);
  }

  private static String g(double number) {
    if (number == 0) {
      return "0";
    }
    BigDecimal rounded =
        new BigDecimal(number)
            .round(new MathContext(6, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return rounded.toPlainString();
    }
    String mantissa = rounded.scaleByPowerOfTen(-exponent).toPlainString();
    return mantissa + String.format(Locale.ROOT, "e%+03d", exponent);
  }

  private static String example(Dialect dialect) {
    return dialect.hasUnits() ? "for example 30, 500ms, 2min" : "for example 30 or 0.5";
  }
}
