package io.sluice.config.setting;

import io.sluice.config.value.HostList;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.Word;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A column type of the table: which text is accepted and how a value is printed. Immutable.
 *
 * @param <T> type of the values
 */
public final class SettingType<T> {
  private final String name;
  private final Parser<T> parser;
  private final Printer<T> printer;
  private final boolean numeric;

  private SettingType(String name, Parser<T> parser, Printer<T> printer, boolean numeric) {
    this.name = name;
    this.parser = parser;
    this.printer = printer;
    this.numeric = numeric;
  }

  /** Turns text into a value. */
  private interface Parser<T> {
    Parsed<T> parse(String text, Dialect dialect);
  }

  /** Turns a value into the text that SHOW CONFIG shows. */
  private interface Printer<T> {
    String print(T value);
  }

  /** Any text, empty included. */
  static SettingType<String> text() {
    return new SettingType<>("text", (text, dialect) -> Parsed.good(text), value -> value, false);
  }

  /** Text of a bounded number of bytes in UTF-8. */
  static SettingType<String> text(int maxBytes) {
    return new SettingType<>(
        "text",
        (text, dialect) ->
            text.getBytes(StandardCharsets.UTF_8).length > maxBytes
                ? Parsed.bad("longer than " + maxBytes + " bytes")
                : Parsed.good(text),
        value -> value,
        false);
  }

  /** A password, or where it comes from. */
  static SettingType<PasswordSource> password() {
    return new SettingType<>(
        "text", (text, dialect) -> PasswordText.parse(text), PasswordSource::toString, false);
  }

  /** An integer within bounds. */
  static SettingType<Integer> integer(int min, int max) {
    return number("integer", (text, dialect) -> bounded(CInteger.parse(text, dialect), min, max));
  }

  /** A file mode, written in octal with a leading zero. */
  static SettingType<Integer> fileMode() {
    return number("file mode", (text, dialect) -> bounded(CInteger.parse(text, dialect), 0, 07777));
  }

  /** A number of bytes; more than an int holds counts as the largest int. */
  static SettingType<Integer> bytes(int min) {
    return number(
        "bytes",
        (text, dialect) -> {
          Long size = ByteSize.parse(text, dialect);
          boolean huge = size != null && size > Integer.MAX_VALUE && size <= 0xFFFF_FFFFL;
          return bounded(huge ? Long.valueOf(Integer.MAX_VALUE) : size, min, Integer.MAX_VALUE);
        });
  }

  /** Whole seconds, kept as an integer because the operating system wants one. */
  static SettingType<Integer> osSeconds() {
    return number("seconds", (text, dialect) -> timeUnits(text, dialect, 1));
  }

  /** Whole milliseconds, kept as an integer because the operating system wants one. */
  static SettingType<Integer> osMillis() {
    return number("milliseconds", (text, dialect) -> timeUnits(text, dialect, 1000));
  }

  /** A time in seconds, to the microsecond. */
  static SettingType<Duration> time() {
    return new SettingType<>("seconds", Seconds::parse, Seconds::print, true);
  }

  /** A time in whole seconds. */
  static SettingType<Duration> wholeSeconds() {
    return new SettingType<>(
        "whole seconds", Seconds::parseWhole, value -> Long.toString(value.toSeconds()), true);
  }

  /** A boolean: an integer as in C, zero is false. */
  static SettingType<Boolean> bool() {
    return new SettingType<>("boolean", SettingType::parseBool, on -> on ? "1" : "0", false);
  }

  /** One of the words of an enum, in any case. */
  static <E extends Enum<E> & Word> SettingType<E> word(Class<E> words) {
    return new SettingType<>(
        "one of " + choice(words), (text, dialect) -> parseWord(text, words), Word::word, false);
  }

  /** Elements between commas. */
  static SettingType<List<String>> commaList() {
    return list("[,]");
  }

  /** Elements between commas or blanks. */
  static SettingType<List<String>> tokenList() {
    return list("[,\\s]+");
  }

  /** Elements between commas or colons. */
  static SettingType<List<String>> protocolList() {
    return list("[,:]");
  }

  /** Hosts between commas. */
  static SettingType<HostList> hosts() {
    return new SettingType<>(
        "hosts",
        (text, dialect) -> {
          HostList hosts = HostList.parse(text);
          return hosts.isEmpty() ? Parsed.bad("no host is named") : Parsed.good(hosts);
        },
        HostList::text,
        false);
  }

  /** Names the type for people. */
  public String name() {
    return name;
  }

  /** Says whether values are numbers, so that a negative one can mean "not set". */
  public boolean isNumeric() {
    return numeric;
  }

  /** Parses a text; see {@link Setting#parse}. */
  Parsed<T> parse(String text, Dialect dialect) {
    return parser.parse(text, dialect);
  }

  /** Prints a value as SHOW CONFIG does. */
  String print(T value) {
    return printer.print(value);
  }

  @Override
  public String toString() {
    return name;
  }

  private static SettingType<Integer> number(String name, Parser<Integer> parser) {
    return new SettingType<>(name, parser, value -> Integer.toString(value), true);
  }

  private static Parsed<Integer> bounded(@Nullable Long number, int min, int max) {
    if (number == null) {
      return Parsed.bad("expected an integer");
    }
    if (number < min || number > max) {
      return Parsed.bad("must be between " + min + " and " + max);
    }
    return Parsed.good(number.intValue());
  }

  private static Parsed<Integer> timeUnits(String text, Dialect dialect, int perSecond) {
    Long number = CInteger.parse(text, dialect);
    if (number != null || !dialect.hasUnits()) {
      return bounded(number, 0, Integer.MAX_VALUE);
    }
    Parsed<Duration> parsed = Seconds.parse(text, dialect);
    if (parsed instanceof Parsed.Good<Duration> good) {
      return bounded(good.value().toMillis() * perSecond / 1000, 0, Integer.MAX_VALUE);
    }
    return Parsed.bad("expected an integer or a time with a unit");
  }

  private static Parsed<Boolean> parseBool(String text, Dialect dialect) {
    Long number = CInteger.parse(text, dialect);
    if (number != null) {
      return Parsed.good(number != 0);
    }
    String word = text.toLowerCase(Locale.ROOT);
    boolean yes = List.of("true", "yes", "on").contains(word);
    boolean no = List.of("false", "no", "off").contains(word);
    if (!yes && !no) {
      return Parsed.bad("expected 1 or 0");
    }
    return dialect.hasUnits()
        ? Parsed.good(yes)
        : Parsed.bad("expected 1 or 0", yes ? "write 1" : "write 0");
  }

  private static <E extends Enum<E> & Word> Parsed<E> parseWord(String text, Class<E> words) {
    for (E candidate : words.getEnumConstants()) {
      if (candidate.word().equalsIgnoreCase(text)) {
        return Parsed.good(candidate);
      }
    }
    return Parsed.bad("not one of the known words", "one of " + choice(words));
  }

  private static <E extends Enum<E> & Word> String choice(Class<E> words) {
    return Arrays.stream(words.getEnumConstants())
        .map(Word::word)
        .collect(Collectors.joining(", "));
  }

  private static SettingType<List<String>> list(String separator) {
    return new SettingType<>(
        "list",
        (text, dialect) -> Parsed.good(split(text, separator)),
        values -> String.join(",", values),
        false);
  }

  private static List<String> split(String text, String separator) {
    List<String> elements = new ArrayList<>();
    for (String element : text.split(separator)) {
      if (!element.isBlank()) {
        elements.add(element.strip());
      }
    }
    return List.copyOf(elements);
  }
}
