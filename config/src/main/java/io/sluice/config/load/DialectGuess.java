package io.sluice.config.load;

import io.sluice.config.setting.Dialect;
import java.util.regex.Pattern;

/** Tells the dialect of a file by its content, since both are called anything. */
final class DialectGuess {
  private static final Pattern SECTION =
      Pattern.compile("^\\s*\\[(pgbouncer|databases|users|peers)\\]", Pattern.MULTILINE);

  private DialectGuess() {}

  /**
   * Looks for one of PgBouncer's section headers, or for a first line that only the ini dialect can
   * have; everything else is HOCON. A file without content counts as ini.
   */
  static Dialect of(String text) {
    return SECTION.matcher(text).find() || startsAsIni(text) ? Dialect.INI : Dialect.HOCON;
  }

  private static boolean startsAsIni(String text) {
    for (String line : text.split("\n")) {
      String content = line.strip();
      if (content.startsWith(";") || content.startsWith("[") || content.startsWith("%include")) {
        return true;
      }
      if (!content.isEmpty() && !content.startsWith("#") && !content.startsWith("//")) {
        return false;
      }
    }
    return true;
  }
}
