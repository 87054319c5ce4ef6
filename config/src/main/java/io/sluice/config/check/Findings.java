package io.sluice.config.check;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Setting;
import io.sluice.config.value.Origin;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what the rules find, each with the place of the setting it is about. */
final class Findings {
  private final ProxyConfig config;
  private final List<Problem> problems = new ArrayList<>();

  Findings(ProxyConfig config) {
    this.config = config;
  }

  /** Notes an error about a setting of the process. */
  void error(Setting<?> setting, String sentence, @Nullable String hint) {
    Values values = config.values();
    problems.add(
        Problem.error(
            place(values, setting), setting.name(), shown(values, setting), sentence, hint));
  }

  /** Notes a warning about a setting of the process. */
  void warn(Setting<?> setting, String sentence, @Nullable String hint) {
    Values values = config.values();
    problems.add(
        Problem.warning(
            place(values, setting), setting.name(), shown(values, setting), sentence, hint));
  }

  /** Notes an error about a setting of an entry, such as {@code databases.app}. */
  void error(
      String entry, Values values, Setting<?> setting, String sentence, @Nullable String hint) {
    String name = entry + '.' + setting.name();
    problems.add(
        Problem.error(place(values, setting), name, values.print(setting), sentence, hint));
  }

  /** Notes a warning about a setting of an entry, such as {@code databases.app}. */
  void warn(
      String entry, Values values, Setting<?> setting, String sentence, @Nullable String hint) {
    String name = entry + '.' + setting.name();
    problems.add(
        Problem.warning(place(values, setting), name, values.print(setting), sentence, hint));
  }

  /** Notes a warning about a whole entry or section. */
  void warnAbout(String entry, Values values, String sentence, @Nullable String hint) {
    Origin place = values.settings().stream().findFirst().map(values::origin).orElse(file());
    problems.add(Problem.warning(place, entry, null, sentence, hint));
  }

  /** Returns what was found. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private Origin place(Values values, Setting<?> setting) {
    Origin origin = values.origin(setting);
    return origin == null ? file() : origin;
  }

  private Origin file() {
    return new Origin(config.file() == null ? "configuration" : config.file().toString(), 0);
  }

  private static @Nullable String shown(Values values, Setting<?> setting) {
    return values.print(setting);
  }
}
