package io.sluice.proxy.admin.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes the text of a command apart.
 *
 * <pre>
 *   command  = word [argument] [;]   |   SET key ( = | TO ) ( word | 'text' ) [;]
 *   word     = letters, digits and _, or anything in "quotes" with "" for "
 *   text     = anything, with '' for '
 * </pre>
 */
final class CommandParser {
  private static final char END = '\0';

  private final String text;
  private int at;

  private CommandParser(String text) {
    this.text = text;
  }

  /** The parts of a command, or null when it is none. */
  static @Nullable CommandText parse(String text) {
    CommandParser parser = new CommandParser(text);
    CommandText set = parser.readSet();
    if (set != null) {
      return set;
    }
    parser.at = 0;
    return parser.readPlain();
  }

  private @Nullable CommandText readSet() {
    skipBlanks();
    String word = readWord();
    if (word == null || !word.equalsIgnoreCase("set") || !skipBlanks()) {
      return null;
    }
    String key = readWord();
    if (key == null || !readEquals()) {
      return null;
    }
    skipBlanks();
    String value = peek() == '\'' ? readQuoted('\'') : readWord();
    return value == null || !readEnd() ? null : new CommandText("SET", key, value, text);
  }

  private boolean readEquals() {
    skipBlanks();
    if (peek() == '=') {
      at++;
      return true;
    }
    if (text.regionMatches(true, at, "to", 0, 2)) {
      at += 2;
      return true;
    }
    return false;
  }

  private @Nullable CommandText readPlain() {
    skipBlanks();
    String word = readWord();
    if (word == null) {
      return null;
    }
    String argument = "";
    if (skipBlanks() && peek() != END && peek() != ';') {
      String second = readWord();
      if (second == null) {
        return null;
      }
      argument = second;
    }
    return readEnd() ? new CommandText(word.toUpperCase(Locale.ROOT), argument, null, text) : null;
  }

  /** A word, with or without quotes; null when there is none here. */
  private @Nullable String readWord() {
    if (peek() == '"') {
      String quoted = readQuoted('"');
      return quoted == null || quoted.isEmpty() ? null : quoted;
    }
    int from = at;
    while (isWordCharacter(peek())) {
      at++;
    }
    return at == from ? null : text.substring(from, at);
  }

  private @Nullable String readQuoted(char quote) {
    StringBuilder content = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        if (peek() != quote) {
          return content.toString();
        }
      }
      content.append(c);
    }
    return null;
  }

  private boolean readEnd() {
    skipBlanks();
    if (peek() == ';') {
      at++;
      skipBlanks();
    }
    return at == text.length();
  }

  private boolean skipBlanks() {
    int from = at;
    while (isBlank(peek())) {
      at++;
    }
    return at > from;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
