package io.sluice.proxy.app;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. */
sealed interface Arguments {
  /** The usage, as {@code --help} prints it. */
  String USAGE =
      """
      Usage: sluice [OPTION]... CONFIG_FILE
             sluice check [--connect] CONFIG_FILE
             sluice check --login db=NAME user=NAME [addr=IP] [tls=yes] CONFIG_FILE
             sluice demo

        -d, --daemon         run in the background; needs pidfile
        -u, --user=USERNAME  become this user once the configuration is read
        -v, --verbose        log more; may be repeated
        -q, --quiet          log nothing to standard error
        -R, --reboot         accepted for PgBouncer's sake, see docs/differences.md
        -V, --version        print versions and exit
        -h, --help           print this and exit

      check reports everything that is wrong with a configuration; with --connect it
      also asks the PostgreSQL servers how many connections they have; with --login
      it says which rule decides a login. Without addr it comes by the Unix socket.
      demo shows the pooler at work before a PostgreSQL of its own.
      """;

  /** Those that {@link #plain} knows. */
  Set<String> FLAGS = Set.of("-d", "--daemon", "-q", "--quiet", "-v", "--verbose");

  /**
   * Run the pooler.
   *
   * @param configFile the configuration
   * @param isDaemon whether to leave the terminal once everything is up
   * @param isQuiet whether to keep off standard error
   * @param isReboot whether an online take-over was asked for
   * @param verboseCount how often {@code -v} was given
   * @param user the Unix user to become, or null for that of the configuration
   */
  record Run(
      Path configFile,
      boolean isDaemon,
      boolean isQuiet,
      boolean isReboot,
      int verboseCount,
      @Nullable String user)
      implements Arguments {}

  /**
   * Check a configuration.
   *
   * @param configFile the configuration
   * @param mayConnect whether to ask the PostgreSQL servers too
   */
  record Check(Path configFile, boolean mayConnect) implements Arguments {}

  /**
   * Say which rule decides a login.
   *
   * @param configFile the configuration
   * @param words {@code db}, {@code user}, {@code addr}, {@code tls} and their values
   */
  record CheckLogin(Path configFile, Map<String, String> words) implements Arguments {
    /** What can be said of a login. */
    static final Set<String> KEYS = Set.of("db", "user", "addr", "tls");
  }

  /** Start and end once without an audience, for the archive that speeds up later starts. */
  record Rehearse() implements Arguments {}

  /** Print the usage. */
  record Help() implements Arguments {}

  /** Print the versions. */
  record Version() implements Arguments {}

  /**
   * Nothing that we know.
   *
   * @param sentence what is wrong
   */
  record Wrong(String sentence) implements Arguments {}

  /**
   * Reads a command line. That of nearly every start is read here; the rest by a library, which
   * takes longer to load than all else takes to start.
   */
  static Arguments parse(String... words) {
    if (words.length == 1 && words[0].equals("rehearse")) {
      return new Rehearse();
    }
    Run plain = plain(words);
    return plain == null ? Options.parse(words) : plain;
  }

  /** A file, and each flag once at most and in a word of its own; null where there is more. */
  private static @Nullable Run plain(String... words) {
    String file = null;
    Set<String> flags = new HashSet<>();
    for (String word : words) {
      if (FLAGS.contains(word)) {
        if (!flags.add(word.replace("--", "-").substring(0, 2))) {
          return null;
        }
      } else if (file != null || word.isEmpty() || "-@".indexOf(word.charAt(0)) >= 0) {
        return null;
      } else {
        file = word;
      }
    }
    return file == null || file.equals("check")
        ? null
        : new Run(
            Path.of(file),
            flags.contains("-d"),
            flags.contains("-q"),
            false,
            flags.contains("-v") ? 1 : 0,
            null);
  }
}
