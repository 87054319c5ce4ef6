package io.sluice.proxy.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

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

  /** Reads a command line. */
  static Arguments parse(String... words) {
    boolean isCheck = words.length > 0 && words[0].equals("check");
    if (words.length == 1 && words[0].equals("rehearse")) {
      return new Rehearse();
    }
    try {
      return isCheck ? check(words) : run(words);
    } catch (ParameterException e) {
      return new Wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Arguments run(String... words) {
    CommandSpec spec = withConfigFile(flag("-h", "--help"), flag("-V", "--version"));
    spec.addOption(flag("-d", "--daemon")).addOption(flag("-R", "--reboot"));
    spec.addOption(flag("-q", "--quiet"));
    spec.addOption(OptionSpec.builder("-v", "--verbose").type(boolean[].class).arity("0").build());
    spec.addOption(OptionSpec.builder("-u", "--user").type(String.class).arity("1").build());
    ParseResult found = new CommandLine(spec).parseArgs(words);
    if (found.hasMatchedOption("-h")) {
      return new Help();
    }
    if (found.hasMatchedOption("-V")) {
      return new Version();
    }
    Path file = found.matchedPositionalValue(0, null);
    if (file == null) {
      return new Wrong("no configuration file specified");
    }
    return new Run(
        file,
        found.hasMatchedOption("-d"),
        found.hasMatchedOption("-q"),
        found.hasMatchedOption("-R"),
        found.matchedOptionValue("-v", new boolean[0]).length,
        found.<@Nullable String>matchedOptionValue("-u", null));
  }

  private static Arguments check(String... words) {
    if (words.length > 1 && words[1].equals("--login")) {
      return checkLogin(List.of(words).subList(2, words.length));
    }
    CommandSpec spec = withConfigFile(flag("-h", "--help"), flag("--connect"));
    CommandLine parser = new CommandLine(spec);
    ParseResult found = parser.parseArgs(java.util.Arrays.copyOfRange(words, 1, words.length));
    if (found.hasMatchedOption("-h")) {
      return new Help();
    }
    Path file = found.matchedPositionalValue(0, null);
    if (file == null) {
      return new Wrong("no configuration file specified");
    }
    return new Check(file, found.hasMatchedOption("--connect"));
  }

  private static Arguments checkLogin(List<String> words) {
    Map<String, String> login = new LinkedHashMap<>();
    Path file = null;
    for (String word : words) {
      int sign = word.indexOf('=');
      if (sign > 0 && CheckLogin.KEYS.contains(word.substring(0, sign))) {
        login.put(word.substring(0, sign), word.substring(sign + 1));
      } else if (file == null) {
        file = Path.of(word);
      } else {
        return new Wrong("expected db=, user=, addr= or tls=, found " + word);
      }
    }
    if (file == null) {
      return new Wrong("no configuration file specified");
    }
    return login.containsKey("db") && login.containsKey("user")
        ? new CheckLogin(file, Map.copyOf(login))
        : new Wrong("check --login needs db= and user=");
  }

  private static CommandSpec withConfigFile(OptionSpec... options) {
    CommandSpec spec = CommandSpec.create().name("sluice");
    for (OptionSpec option : options) {
      spec.addOption(option);
    }
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("CONFIG_FILE")
            .type(Path.class)
            .arity("0..1")
            .build());
  }

  private static OptionSpec flag(String... names) {
    return OptionSpec.builder(names).type(boolean.class).arity("0").build();
  }
}
