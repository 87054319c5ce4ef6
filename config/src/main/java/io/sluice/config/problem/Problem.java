package io.sluice.config.problem;

import static java.util.Objects.requireNonNull;

import io.sluice.config.value.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration. Immutable.
 *
 * @param severity how bad it is
 * @param file the file, or words such as {@code environment}
 * @param line line from 1, or 0 if no line can be named
 * @param setting the setting or key, or empty if none is concerned
 * @param value the value as written, {@code ****} for secrets, or null if none is concerned
 * @param sentence what is wrong, lower case, no full stop
 * @param hint what to do, or null
 */
public record Problem(
    Severity severity,
    String file,
    int line,
    String setting,
    @Nullable String value,
    String sentence,
    @Nullable String hint) {

  /** What is shown in place of a secret. */
  public static final String HIDDEN = "****";

  /** Longest name or value that is repeated in a problem; longer ones are cut. */
  private static final int MAX_LENGTH = 150;

  public Problem {
    requireNonNull(severity, "severity");
    requireNonNull(file, "file");
    requireNonNull(setting, "setting");
    requireNonNull(sentence, "sentence");
    setting = shorten(setting);
    value = value == null ? null : shorten(value);
  }

  /** Makes an error about a setting or key. */
  public static Problem error(
      Origin origin,
      String setting,
      @Nullable String value,
      String sentence,
      @Nullable String hint) {
    return new Problem(
        Severity.ERROR, origin.file(), origin.line(), setting, value, sentence, hint);
  }

  /** Makes a warning about a setting or key. */
  public static Problem warning(
      Origin origin,
      String setting,
      @Nullable String value,
      String sentence,
      @Nullable String hint) {
    return new Problem(
        Severity.WARNING, origin.file(), origin.line(), setting, value, sentence, hint);
  }

  /** Says whether the configuration can not be used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * Writes {@code file:line: setting = value: sentence (hint)}, without the parts that are not
   * there.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(new Origin(file, line).toString()).append(": ");
    if (!setting.isEmpty()) {
      text.append(setting);
      if (value != null) {
        text.append(" = ").append(value);
      }
      text.append(": ");
    }
    text.append(sentence);
    if (hint != null) {
      text.append(" (").append(hint).append(')');
    }
    return text.toString();
  }

  /**
   * Cuts what is too long, and keeps what a file contains from writing lines of its own to a log.
   */
  private static String shorten(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
