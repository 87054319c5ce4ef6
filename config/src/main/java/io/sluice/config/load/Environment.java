package io.sluice.config.load;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Origin;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Overrides of settings by environment variables: {@code SLUICE_MAX_CLIENT_CONN=500}. */
final class Environment {
  /** What the variables start with; the rest is the name of the setting in capitals. */
  static final String PREFIX = "SLUICE_";

  private Environment() {}

  /** Takes all overrides into a draft, and warns of variables that look like misspelt ones. */
  static void apply(Draft draft, Map<String, String> environment) {
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (variable.startsWith(PREFIX)) {
                apply(draft, variable, value.strip());
              }
            });
  }

  private static void apply(Draft draft, String variable, String value) {
    String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    Origin origin = new Origin("environment " + variable, 0);
    Setting<?> setting = Settings.find(name);
    if (setting != null) {
      draft.setting(new Draft.Given(setting.name(), value, Dialect.HOCON, origin));
      return;
    }
    String nearest = NearestName.find(name, Draft.names(Scope.GLOBAL));
    if (nearest != null) {
      String hint = "did you mean " + PREFIX + nearest.toUpperCase(Locale.ROOT) + "?";
      draft.report(Problem.warning(origin, name, null, "names no setting and is ignored", hint));
    }
  }
}
