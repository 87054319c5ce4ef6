package io.sluice.config.load;

import io.sluice.config.setting.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * The value of an entry: {@code key=value} pairs between blanks, values bare or in single quotes
 * with {@code ''} for a quote. There are no empty values.
 */
final class ConnectString {
  private final String text;
  private int position;

  private ConnectString(String text) {
    this.text = text;
  }

  /** One pair. */
  record Pair(String key, String value) {}

  /** Splits a text into its pairs, in order, repetitions included. */
  static Parsed<List<Pair>> parse(String text) {
    return new ConnectString(text).pairs();
  }

  private Parsed<List<Pair>> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (skipBlanks(); position < text.length(); skipBlanks()) {
      String key = bare();
      skipBlanks();
      if (key.isEmpty() || !at('=')) {
        return Parsed.bad(
            "expected key=value", key.isEmpty() ? "a key is missing" : "after " + key);
      }
      position++;
      skipBlanks();
      Parsed<String> value = at('\'') ? quoted(key) : Parsed.good(bareValue());
      if (value instanceof Parsed.Bad<String> bad) {
        return new Parsed.Bad<>(bad.sentence(), bad.hint());
      }
      String given = ((Parsed.Good<String>) value).value();
      if (given.isEmpty()) {
        return Parsed.bad("the value of " + key + " is empty", "leave the key out");
      }
      pairs.add(new Pair(key, given));
    }
    return Parsed.good(pairs);
  }

  private String bare() {
    int start = position;
    while (position < text.length() && !blank() && !at('=')) {
      position++;
    }
    return text.substring(start, position);
  }

  private String bareValue() {
    int start = position;
    while (position < text.length() && !blank()) {
      position++;
    }
    return text.substring(start, position);
  }

  private Parsed<String> quoted(String key) {
    StringBuilder value = new StringBuilder();
    position++;
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c != '\'') {
        value.append(c);
      } else if (at('\'')) {
        value.append(c);
        position++;
      } else if (position < text.length() && !blank()) {
        return Parsed.bad("expected a blank after the quoted value of " + key);
      } else {
        return Parsed.good(value.toString());
      }
    }
    return Parsed.bad("the quote around the value of " + key + " does not end");
  }

  private void skipBlanks() {
    while (position < text.length() && blank()) {
      position++;
    }
  }

  private boolean blank() {
    return Character.isWhitespace(text.charAt(position));
  }

  private boolean at(char c) {
    return position < text.length() && text.charAt(position) == c;
  }
}
