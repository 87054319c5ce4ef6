package io.sluice.proxy.auth.hba;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a line into fields as PostgreSQL does: blanks end a field, commas join words to one field,
 * {@code #} begins a comment, quotes keep all of that, a doubled quote inside is a quote.
 *
 * @see <a href="https://www.postgresql.org/docs/current/auth-pg-hba-conf.html">pg_hba.conf</a>
 */
final class LineReader {
  private final String line;
  private int index;
  private boolean joined;

  LineReader(String line) {
    this.line = line;
  }

  /** The fields; none for a line that is blank or a comment. */
  List<List<HbaToken>> fields() {
    List<List<HbaToken>> fields = new ArrayList<>();
    List<HbaToken> field = new ArrayList<>();
    for (HbaToken token = next(); token != null; token = next()) {
      field.add(token);
      if (!joined) {
        fields.add(List.copyOf(field));
        field = new ArrayList<>();
      }
    }
    if (!field.isEmpty()) {
      fields.add(List.copyOf(field));
    }
    return fields;
  }

  /** The next word, or null at the end; {@link #joined} says whether a comma follows it. */
  private @Nullable HbaToken next() {
    while (index < line.length() && (isBlank(line.charAt(index)) || line.charAt(index) == ',')) {
      index++;
    }
    joined = false;
    StringBuilder text = new StringBuilder();
    boolean startsQuoted = index < line.length() && line.charAt(index) == '"';
    boolean isQuoted = false;
    boolean sawQuote = false;
    while (index < line.length()) {
      char c = line.charAt(index);
      if (!isQuoted && c == '#') {
        index = line.length();
        break;
      }
      if (!isQuoted && (isBlank(c) || c == ',')) {
        joined = c == ',';
        index++;
        break;
      }
      index++;
      if (c != '"') {
        text.append(c);
      } else if (isQuoted && index < line.length() && line.charAt(index) == '"') {
        text.append(c);
        index++;
      } else {
        isQuoted = !isQuoted;
        sawQuote = true;
      }
    }
    return text.length() > 0 || sawQuote ? new HbaToken(text.toString(), startsQuoted) : null;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
