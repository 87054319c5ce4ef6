package io.sluice.config.load;

import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;

/**
 * Secrets that are kept in a file of their own, written {@code file:/path} in the configuration.
 */
public final class SecretFile {
  private static final String PREFIX = "file:";

  /** PostgreSQL takes no longer message with a password. */
  private static final int MAX_CHARS = 65_530;

  private SecretFile() {}

  /**
   * Returns a secret as it is, or reads it from the file it names. A password is not replaced by
   * what its file holds, which may change: the file is only tried.
   */
  static Parsed<String> resolve(Setting<?> setting, String text) {
    if (!text.startsWith(PREFIX + '/')) {
      return Parsed.good(text);
    }
    Parsed<String> secret = read(text.substring(PREFIX.length()));
    boolean keepsPlace = setting == Settings.PASSWORD && secret instanceof Parsed.Good<String>;
    return keepsPlace ? Parsed.good(text) : secret;
  }

  /** Reads a secret. One line end at the end of the file does not belong to it. */
  public static Parsed<String> read(String file) {
    Parsed<String> read = TextFile.read(file);
    if (read instanceof Parsed.Bad<String> bad) {
      return Parsed.bad("the secret can not be read: " + bad.sentence(), "file " + file);
    }
    String secret = ((Parsed.Good<String>) read).value().replaceFirst("\\r?\\n\\z", "");
    if (secret.isEmpty()) {
      return Parsed.bad("the file of the secret is empty", "file " + file);
    }
    if (secret.length() > MAX_CHARS || secret.indexOf('\0') >= 0) {
      return Parsed.bad("the file of the secret holds no password", "file " + file);
    }
    return Parsed.good(secret);
  }
}
