package io.sluice.config.load;

import io.sluice.config.check.ConfigCheck;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Parsed;
import io.sluice.config.value.Origin;
import io.sluice.config.value.ProxyConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads a configuration in either dialect, which the content tells, and applies overrides from the
 * environment. It is all or nothing: with any error there is no configuration.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Loads a file.
   *
   * @param environment the variables {@code SLUICE_<SETTING>} and those that HOCON asks for
   */
  public static Result load(Path file, Map<String, String> environment) {
    Parsed<String> read = TextFile.read(file);
    if (read instanceof Parsed.Bad<String> bad) {
      Origin origin = new Origin(file.toString(), 0);
      return new Result.Refused(List.of(Problem.error(origin, "", null, bad.sentence(), null)));
    }
    String text = ((Parsed.Good<String>) read).value();
    return parse(text, file.toString(), file, environment);
  }

  /** Loads a text as if it was a file of that name. */
  public static Result parseText(String text, String name, Map<String, String> environment) {
    return parse(text, name, null, environment);
  }

  /** Loads a text without any environment. */
  public static Result parseText(String text) {
    return parseText(text, "text", Map.of());
  }

  private static Result parse(
      String text, String name, @Nullable Path file, Map<String, String> environment) {
    Draft draft = new Draft();
    if (DialectGuess.of(text) == Dialect.HOCON) {
      HoconLoader.load(draft, text, name, file, environment);
    } else {
      IniLoader.load(draft, text, name, file == null ? null : file.toAbsolutePath().getParent());
    }
    Origin origin = new Origin(name, 0);
    if (!draft.hasMainSection() && !draft.isRefused()) {
      draft.report(
          Problem.error(
              origin, "", null, "the main section is missing", "add [pgbouncer] or pgbouncer { }"));
    }
    Environment.apply(draft, environment);
    ProxyConfig config = draft.build(file, origin);
    check(draft, config);
    if (draft.isRefused()) {
      return new Result.Refused(draft.problems());
    }
    return new Result.Loaded(config, draft.problems());
  }

  /** Warnings about a configuration that is refused anyway could be wrong: it is not complete. */
  private static void check(Draft draft, ProxyConfig config) {
    boolean refused = draft.isRefused();
    ConfigCheck.check(config).stream()
        .filter(problem -> problem.isError() || !refused)
        .forEach(draft::report);
  }
}
