package io.sluice.config.setting;

import io.sluice.config.value.PasswordSource;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text of {@code password=}: a password, {@code file:/path}, or {@code exec:/program argument
 * …}. A password that begins with one of these has to come from a file.
 */
final class PasswordText {
  private static final String FILE = "file:";
  private static final String EXEC = "exec:";

  /** PostgreSQL takes no longer message with a password. */
  private static final int MAX_BYTES = 65_530;

  private PasswordText() {}

  /** Finds out what a text means. */
  static Parsed<PasswordSource> parse(String text) {
    if (text.startsWith(FILE + '/')) {
      return Parsed.good(new PasswordSource.File(text.substring(FILE.length())));
    }
    if (text.startsWith(EXEC + '/')) {
      return command(text.substring(EXEC.length()));
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Parsed.bad("longer than " + MAX_BYTES + " bytes");
    }
    return Parsed.good(new PasswordSource.Literal(text));
  }

  private static Parsed<PasswordSource> command(String line) {
    Parsed<List<String>> split = CommandLine.split(line);
    if (split instanceof Parsed.Bad<List<String>> bad) {
      return new Parsed.Bad<>(bad.sentence(), bad.hint());
    }
    return Parsed.good(new PasswordSource.Command(((Parsed.Good<List<String>>) split).value()));
  }
}
