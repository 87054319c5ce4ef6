package io.sluice.config.check;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
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
    config
        .peers()
        .forEach((id, peer) -> findings.warnAbout("peers." + id, peer.values(), SENTENCE, HINT));
    checkAuthType(values, findings);
  }

  private static void checkDatabase(DatabaseConfig database, Findings findings) {
    Values values = database.values();
    for (Setting<?> setting : values.settings()) {
      if (!setting.isEffective()) {
        findings.warn(ConfigCheck.label(database), values, setting, SENTENCE, HINT);
      }
    }
  }

  private static void checkAuthType(Values values, Findings findings) {
    AuthType type = values.get(Settings.AUTH_TYPE);
    boolean there =
        switch (type) {
          case ANY, TRUST, PLAIN, MD5, SCRAM_SHA_256, CERT, HBA -> true;
          case LDAP, PAM -> false;
        };
    if (!there) {
      findings.warn(
          Settings.AUTH_TYPE, SENTENCE, "one of scram-sha-256, md5, plain, trust, any is");
    }
  }

  private static <T> boolean differs(Values values, Setting<T> setting) {
    return !java.util.Objects.equals(values.find(setting), setting.defaultValue());
  }
}
