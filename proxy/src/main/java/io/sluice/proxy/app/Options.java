package io.sluice.proxy.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reads command lines with options of every kind. */
final class Options {
  private Options() {}

  /** Reads a command line. */
  static Arguments parse(String... words) {
    boolean isCheck = words.length > 0 && words[0].equals("check");
    try {
      return isCheck ? check(words) : run(words);
    } catch (ParameterException e) {
      return new Arguments.Wrong(String.valueOf(e.getMessage()));
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
      return new Arguments.Help();
    }
    if (found.hasMatchedOption("-V")) {
      return new Arguments.Version();
    }
    Path file = found.matchedPositionalValue(0, null);
    if (file == null) {
      return new Arguments.Wrong("no configuration file specified");
    }
    return new Arguments.Run(
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
      return new Arguments.Help();
    }
    Path file = found.matchedPositionalValue(0, null);
    if (file == null) {
      return new Arguments.Wrong("no configuration file specified");
    }
    return new Arguments.Check(file, found.hasMatchedOption("--connect"));
  }

  private static Arguments checkLogin(List<String> words) {
    Map<String, String> login = new LinkedHashMap<>();
    Path file = null;
    for (String word : words) {
      int sign = word.indexOf('=');
      if (sign > 0 && Arguments.CheckLogin.KEYS.contains(word.substring(0, sign))) {
        login.put(word.substring(0, sign), word.substring(sign + 1));
      } else if (file == null) {
        file = Path.of(word);
      } else {
        return new Arguments.Wrong("expected db=, user=, addr= or tls=, found " + word);
      }
    }
    if (file == null) {
      return new Arguments.Wrong("no configuration file specified");
    }
    return login.containsKey("db") && login.containsKey("user")
        ? new Arguments.CheckLogin(file, Map.copyOf(login))
        : new Arguments.Wrong("check --login needs db= and user=");
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
