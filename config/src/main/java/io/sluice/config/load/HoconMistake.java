package io.sluice.config.load;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import io.sluice.config.problem.Problem;
import io.sluice.config.value.Origin;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what the HOCON parser throws into problems with a place. */
final class HoconMistake {
  private static final int MAX_SENTENCE = 300;
  private static final String GENERAL = "the line can not be read as HOCON";

  private HoconMistake() {}

  /**
   * Makes a problem; the place is where the parser saw the mistake.
   *
   * @param text the text that was parsed; what the parser says about a line with a password, or
   *     about an included file, is not repeated, because it may quote a secret
   */
  static Problem problem(ConfigException mistake, String name, String text) {
    ConfigOrigin origin = mistake.origin();
    Origin place = origin == null ? new Origin(name, 0) : origin(origin, name);
    boolean included = !place.file().equals(name);
    boolean secret = included || mayQuoteSecret(text, place.line());
    String sentence = secret ? GENERAL : sentence(mistake, origin);
    return Problem.error(place, "", null, sentence, hint(sentence));
  }

  /** Turns the parser's place into ours. */
  static Origin origin(ConfigOrigin origin, String name) {
    String file = origin.filename();
    if (file != null) {
      return new Origin(file, Math.max(0, origin.lineNumber()));
    }
    boolean ours = origin.description().startsWith(name);
    return ours
        ? new Origin(name, Math.max(0, origin.lineNumber()))
        : new Origin(origin.description(), 0);
  }

  private static boolean mayQuoteSecret(String text, int line) {
    String[] lines = text.split("\n", -1);
    for (int i = Math.max(0, line - 2); i < Math.min(line, lines.length); i++) {
      if (lines[i].contains("password") || lines[i].contains("auth_ldap_options")) {
        return true;
      }
    }
    return false;
  }

  private static String sentence(ConfigException mistake, @Nullable ConfigOrigin origin) {
    String message = mistake.getMessage();
    if (message == null) {
      return GENERAL;
    }
    String text = message.replaceAll("\\s+", " ");
    String prefix = origin == null ? "" : origin.description() + ": ";
    if (text.startsWith(prefix)) {
      text = text.substring(prefix.length());
    }
    int advice = text.indexOf(" (if you intended");
    text = advice > 0 ? text.substring(0, advice) : text;
    text = text.length() > MAX_SENTENCE ? text.substring(0, MAX_SENTENCE) : text;
    return text.isEmpty() ? GENERAL : lower(text);
  }

  private static String lower(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private static @Nullable String hint(String sentence) {
    if (sentence.contains("ubstitution")) {
      return "write ${?NAME} for a variable that may be missing";
    }
    boolean special = sentence.contains("'*'") || sentence.contains("'='");
    return special || sentence.contains("double quotes") || sentence.equals(GENERAL)
        ? "put names and values with special characters into double quotes"
        : null;
  }
}
