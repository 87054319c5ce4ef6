package io.sluice.proxy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/**
 * Makes the text of an event safe for a log that is read line by line. Names and messages come from
 * strangers: a line break in them is followed by a tab, so that what comes after cannot pass for a
 * line of ours, and control characters, which a terminal would obey, are spelled out.
 */
final class LogText {
  /** PgBouncer's longest message; what is longer is cut. A stack trace may be longer. */
  static final int MAX_MESSAGE_CHARS = 2047;

  private LogText() {}

  /** Appends the message of an event and, if it has one, the stack trace of its exception. */
  static void append(StringBuilder out, ILoggingEvent event) {
    String message = withoutLineEnd(String.valueOf(event.getFormattedMessage()));
    int end = cut(message);
    escape(out, message, end);
    if (end < message.length()) {
      out.append("...");
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      String trace = ThrowableProxyUtil.asString(thrown).stripTrailing();
      escape(out.append("\n\t"), trace, trace.length());
    }
  }

  private static String withoutLineEnd(String message) {
    int end = message.length();
    while (end > 0 && (message.charAt(end - 1) == '\n' || message.charAt(end - 1) == '\r')) {
      end--;
    }
    return message.substring(0, end);
  }

  /** Where a message is cut: never between two surrogates. */
  private static int cut(String message) {
    if (message.length() <= MAX_MESSAGE_CHARS) {
      return message.length();
    }
    boolean pair = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_CHARS - 1));
    return pair ? MAX_MESSAGE_CHARS - 1 : MAX_MESSAGE_CHARS;
  }

  private static void escape(StringBuilder out, String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append("\n\t");
      } else if (c == '\t' || !breaksLines(c)) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
  }

  /** Control characters, and those that change the direction or end of the line on a screen. */
  private static boolean breaksLines(char c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
