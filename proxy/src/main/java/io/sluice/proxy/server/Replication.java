package io.sluice.proxy.server;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What kind of replication connection a StartupMessage asks for, and its word for SHOW. */
public enum Replication {
  /** None: an ordinary connection. */
  NONE("none"),
  /** The changes of one database; such a connection also takes SQL. */
  LOGICAL("logical"),
  /** The log of the whole PostgreSQL. */
  PHYSICAL("physical");

  private static final Set<String> NO =
      Set.of("", "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0");

  private final String word;

  Replication(String word) {
    this.word = word;
  }

  /**
   * Reads the value of the parameter {@code replication}. PostgreSQL takes every spelling of a
   * boolean, and the word database; what is neither is PostgreSQL's to refuse.
   */
  public static Replication of(@Nullable String value) {
    if (value == null || NO.contains(value.toLowerCase(Locale.ROOT))) {
      return NONE;
    }
    return value.equals("database") ? LOGICAL : PHYSICAL;
  }

  /** The word in the log line of a login. */
  public String logWord() {
    return switch (this) {
      case NONE -> "no";
      case LOGICAL -> "database";
      case PHYSICAL -> "yes";
    };
  }

  /** The word in SHOW CLIENTS and SHOW SERVERS. */
  public String word() {
    return word;
  }
}
