package io.sluice.config.value;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Versions of TLS. */
public enum TlsVersion {
  /** TLS 1.0, broken. */
  TLS_1_0("tlsv1.0", "TLSv1"),
  /** TLS 1.1, broken. */
  TLS_1_1("tlsv1.1", "TLSv1.1"),
  /** TLS 1.2. */
  TLS_1_2("tlsv1.2", "TLSv1.2"),
  /** TLS 1.3. */
  TLS_1_3("tlsv1.3", "TLSv1.3");

  private final String word;
  private final String name;

  TlsVersion(String word, String name) {
    this.word = word;
    this.name = name;
  }

  /** The name that TLS libraries use. */
  public String libraryName() {
    return name;
  }

  /**
   * Reads a list as PgBouncer does: versions, {@code all}, {@code secure} or {@code default} for
   * 1.2 and 1.3; a word with {@code !} takes away what it stands for.
   *
   * @return the versions, oldest first
   * @throws IllegalArgumentException for an unknown word, and when nothing is left
   */
  public static List<TlsVersion> parse(List<String> words) {
    Set<TlsVersion> chosen = EnumSet.noneOf(TlsVersion.class);
    for (String written : words) {
      String word = written.toLowerCase(Locale.ROOT);
      if (word.startsWith("!")) {
        chosen.removeAll(meaning(word.substring(1)));
      } else {
        chosen.addAll(meaning(word));
      }
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("no version of TLS is left: " + String.join(",", words));
    }
    return List.copyOf(chosen);
  }

  private static Set<TlsVersion> meaning(String word) {
    return switch (word) {
      case "all", "tlsv1" -> EnumSet.allOf(TlsVersion.class);
      case "secure", "default" -> EnumSet.of(TLS_1_2, TLS_1_3);
      default -> EnumSet.of(find(word));
    };
  }

  private static TlsVersion find(String word) {
    for (TlsVersion version : values()) {
      if (version.word.equals(word)) {
        return version;
      }
    }
    throw new IllegalArgumentException("unknown version of TLS: " + word);
  }
}
