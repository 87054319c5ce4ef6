package io.sluice.it.script;

import io.sluice.demo.wire.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints answers so that equal ones are equal in print: without names and places in the code. */
final class AnswerText {
  private static final Pattern STATEMENT_NAME = Pattern.compile("prepared statement \"[^\"]*\"");

  private AnswerText() {}

  /** Prints one message. */
  static String of(WireMessage message) {
    char type = message.type();
    if (type == 'E' || type == 'N') {
      Map<Character, String> fields = message.fields();
      // File, line and routine differ between builds of PostgreSQL only, never between ways to it.
      fields.keySet().removeAll(List.of('F', 'L', 'R'));
      return type + STATEMENT_NAME.matcher(fields.toString()).replaceAll("prepared statement *");
    }
    return type + printable(message.body());
  }

  private static String printable(byte[] body) {
    StringBuilder text = new StringBuilder();
    for (char c : new String(body, StandardCharsets.ISO_8859_1).toCharArray()) {
      if (c >= ' ' && c < 127 && c != '\\') {
        text.append(c);
      } else {
        text.append(String.format("\\%02x", (int) c));
      }
    }
    return text.toString();
  }
}
