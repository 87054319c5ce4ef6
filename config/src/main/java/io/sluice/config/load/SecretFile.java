package io.sluice.config.load;

import io.sluice.config.setting.Parsed;

/**
 * Secrets that are kept in a file of their own, written {@code file:/path} in the configuration.
 */
final class SecretFile {
  private static final String PREFIX = "file:";

  private SecretFile() {}

  /**
   * Returns a secret as it is, or reads it from the file it names. One line end at the end of the
   * file does not belong to the secret.
   */
  static Parsed<String> resolve(String text) {
    if (!text.startsWith(PREFIX + '/')) {
      return Parsed.good(text);
    }
    String file = text.substring(PREFIX.length());
    Parsed<String> read = TextFile.read(file);
    if (read instanceof Parsed.Bad<String> bad) {
      return Parsed.bad("the secret can not be read: " + bad.sentence(), "file " + file);
    }
    String secret = ((Parsed.Good<String>) read).value().replaceFirst("\\r?\\n\\z", "");
    if (secret.isEmpty()) {
      return Parsed.bad("the file of the secret is empty", "file " + file);
    }
    return Parsed.good(secret);
  }
}
