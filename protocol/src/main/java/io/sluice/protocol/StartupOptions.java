package io.sluice.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code options} parameter of a StartupMessage, as far as a pooler can honour it: {@code -c
 * key=value}, {@code -ckey=value} and {@code --key=value}, separated by blanks. A backslash makes
 * the next character literal.
 */
public final class StartupOptions {
  private static final String UNSUPPORTED =
      "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed";

  private final String text;
  private int position;

  private StartupOptions(String text) {
    this.text = text;
  }

  /**
   * Reads the settings, in order; the last of a name wins.
   *
   * @throws ProtocolViolation 08P01 for any other switch
   */
  public static Map<String, String> parse(String text) {
    return new StartupOptions(text).read();
  }

  private Map<String, String> read() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String word = word(); !word.isEmpty(); word = word()) {
      String setting;
      if (word.equals("-c")) {
        setting = word();
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        setting = word.substring(2);
      } else {
        throw new ProtocolViolation(UNSUPPORTED);
      }
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new ProtocolViolation(UNSUPPORTED);
      }
      settings.put(setting.substring(0, equals).replace('-', '_'), setting.substring(equals + 1));
    }
    return settings;
  }

  /** The next word without its escapes; empty at the end. */
  private String word() {
    while (position < text.length() && isBlank(text.charAt(position))) {
      position++;
    }
    StringBuilder word = new StringBuilder();
    while (position < text.length() && !isBlank(text.charAt(position))) {
      char c = text.charAt(position++);
      if (c == '\\') {
        if (position == text.length()) {
          // Like PostgreSQL: it has nothing to make literal, and is no character itself.
          break;
        }
        c = text.charAt(position++);
      }
      word.append(c);
    }
    return word.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x0b;
  }
}
