package io.sluice.config.check;

import io.sluice.config.setting.Setting;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;

/** Says plainly which settings are given although their feature is not there yet. */
final class NotYetEffective {
  private static final String SENTENCE = "not yet effective";
  private static final String HINT = "this version accepts it and does nothing";

  private NotYetEffective() {}

  /** Looks at the settings of the process, the databases and the peers. */
  static void check(ProxyConfig config, Findings findings) {
    Values values = config.values();
    for (Setting<?> setting : values.settings()) {
      if (!setting.isEffective()
          && ConfigCheck.isGiven(values, setting)
          && differs(values, setting)) {
        findings.warn(setting, SENTENCE, HINT);
      }
    }
    for (DatabaseConfig database : ConfigCheck.all(config)) {
      checkDatabase(database, findings);
    }
  }

  private static void checkDatabase(DatabaseConfig database, Findings findings) {
    Values values = database.values();
    for (Setting<?> setting : values.settings()) {
      if (!setting.isEffective()) {
        findings.warn(ConfigCheck.label(database), values, setting, SENTENCE, HINT);
      }
    }
  }

  private static <T> boolean differs(Values values, Setting<T> setting) {
    return !java.util.Objects.equals(values.find(setting), setting.defaultValue());
  }
}
