package io.sluice.proxy.session;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.HotPath;
import java.nio.charset.StandardCharsets;

/**
 * Steps over SQL text word by word, and from statement to statement. Knows comments, quotes and
 * dollar quotes, and no grammar. Bytes beyond ASCII are letters, so any encoding that keeps ASCII
 * will do. Source: PostgreSQL manual, Lexical Structure. Confined to the event loop.
 */
@HotPath
final class SqlWords {
  private ByteBuf view;
  private int position;
  private int end;
  private int wordStart;
  private int wordLength;

  SqlWords(ByteBuf empty) {
    this.view = empty;
  }

  /** Begins with a stretch of text. */
  void begin(ByteBuf text, int from, int to) {
    view = text;
    position = from;
    end = to;
    wordLength = 0;
  }

  int position() {
    return position;
  }

  /** Steps to the next word; false when what comes next is no word, or nothing. */
  boolean next() {
    skipBlanks();
    wordStart = position;
    while (position < end && isLetter(view.getByte(position))) {
      position++;
    }
    wordLength = position - wordStart;
    return wordLength > 0;
  }

  /** The next byte that is not blank, or 0. */
  byte peek() {
    skipBlanks();
    return position < end ? view.getByte(position) : 0;
  }

  /** Steps over one byte. */
  void skip() {
    position = Math.min(end, position + 1);
  }

  /** Says whether the word is this one, given in lower case. */
  boolean is(byte[] word) {
    if (wordLength != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (lower(view.getByte(wordStart + i)) != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** The first letter of the word, in lower case. */
  byte initial() {
    return wordLength == 0 ? 0 : lower(view.getByte(wordStart));
  }

  /** The word as text. */
  String text() {
    return view.toString(wordStart, wordLength, StandardCharsets.UTF_8);
  }

  /** Steps to the semicolon behind the current statement, or to the end. */
  void skipStatement() {
    while (position < end) {
      byte b = view.getByte(position);
      if (b == ';') {
        return;
      }
      if (b == '\'') {
        skipString();
      } else if (b == '"') {
        skipTo((byte) '"');
      } else if (b == '$') {
        skipDollars();
      } else if (!skipComment()) {
        position++;
      }
    }
  }

  private void skipBlanks() {
    while (position < end) {
      byte b = view.getByte(position);
      boolean blank = b == ' ' || (b >= '\t' && b <= '\r');
      if (blank) {
        position++;
      } else if (!skipComment()) {
        return;
      }
    }
  }

  /** Steps over a comment, if there is one. */
  private boolean skipComment() {
    if (position + 1 >= end) {
      return false;
    }
    byte first = view.getByte(position);
    byte second = view.getByte(position + 1);
    if (first == '-' && second == '-') {
      int line = view.indexOf(position, end, (byte) '\n');
      position = line < 0 ? end : line + 1;
      return true;
    }
    if (first == '/' && second == '*') {
      skipBlockComment();
      return true;
    }
    return false;
  }

  /** They nest. */
  private void skipBlockComment() {
    int depth = 0;
    while (position + 1 < end) {
      byte first = view.getByte(position);
      byte second = view.getByte(position + 1);
      if (first == '/' && second == '*') {
        depth++;
        position += 2;
      } else if (first == '*' && second == '/') {
        depth--;
        position += 2;
        if (depth == 0) {
          return;
        }
      } else {
        position++;
      }
    }
    position = end;
  }

  private void skipString() {
    boolean escapes =
        position > 0
            && lower(view.getByte(position - 1)) == 'e'
            && (position < 2 || !isLetter(view.getByte(position - 2)));
    position++;
    while (position < end) {
      byte b = view.getByte(position++);
      if (b == '\\' && escapes) {
        position++;
      } else if (b == '\'') {
        // A doubled quote begins another string at once, which does no harm.
        return;
      }
    }
    position = end;
  }

  private void skipTo(byte quote) {
    int close = position + 1 < end ? view.indexOf(position + 1, end, quote) : -1;
    position = close < 0 ? end : close + 1;
  }

  /** Steps over {@code $tag$ … $tag$}, or over the dollar alone. */
  private void skipDollars() {
    int open = position;
    int tagEnd = position + 1;
    while (tagEnd < end && view.getByte(tagEnd) != '$' && isLetter(view.getByte(tagEnd))) {
      tagEnd++;
    }
    boolean partOfAWord = open > 0 && isLetter(view.getByte(open - 1));
    boolean parameter = tagEnd > open + 1 && isDigit(view.getByte(open + 1));
    if (partOfAWord || parameter || tagEnd >= end || view.getByte(tagEnd) != '$') {
      position++;
      return;
    }
    int length = tagEnd + 1 - open;
    position = tagEnd + 1;
    while (position < end) {
      int dollar = view.indexOf(position, end, (byte) '$');
      if (dollar < 0 || dollar + length > end) {
        position = end;
        return;
      }
      if (matches(open, dollar, length)) {
        position = dollar + length;
        return;
      }
      position = dollar + 1;
    }
  }

  private boolean matches(int one, int other, int length) {
    for (int i = 0; i < length; i++) {
      if (view.getByte(one + i) != view.getByte(other + i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isLetter(byte b) {
    return b < 0 || b == '_' || isDigit(b) || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
  }
}
