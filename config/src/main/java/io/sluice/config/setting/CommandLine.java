package io.sluice.config.setting;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a command line into words, without a shell: nothing is replaced, nothing is run.
 *
 * <p>Words stand between blanks. Between single quotes every character stands for itself; between
 * double quotes all but {@code \"} and {@code \\}; elsewhere a backslash takes any meaning from the
 * character behind it.
 */
final class CommandLine {
  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int position;

  private CommandLine(String text) {
    this.text = text;
  }

  /** The words, in order; the refusal repeats nothing of the text. */
  static Parsed<List<String>> split(String text) {
    CommandLine line = new CommandLine(text);
    String mistake = line.read();
    return mistake == null ? Parsed.good(line.words) : Parsed.bad(mistake);
  }

  private @Nullable String read() {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '\0') {
        return "the command contains a character with the code 0";
      }
      String mistake = take(c);
      if (mistake != null) {
        return mistake;
      }
    }
    endWord();
    return null;
  }

  private @Nullable String take(char c) {
    if (Character.isWhitespace(c)) {
      endWord();
      return null;
    }
    inWord = true;
    if (c == '\'' || c == '"') {
      return quoted(c) ? null : "a quote in the command does not end";
    }
    if (c == '\\') {
      if (position == text.length()) {
        return "the command ends with a backslash";
      }
      word.append(text.charAt(position++));
    } else {
      word.append(c);
    }
    return null;
  }

  private boolean quoted(char quote) {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == quote) {
        return true;
      }
      boolean escapes = quote == '"' && c == '\\' && position < text.length();
      char next = escapes ? text.charAt(position) : '\0';
      if (next == '"' || next == '\\') {
        word.append(next);
        position++;
      } else {
        word.append(c);
      }
    }
    return false;
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }
}
