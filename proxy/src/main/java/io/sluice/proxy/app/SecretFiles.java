package io.sluice.proxy.app;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.Origin;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.hba.HbaRule;
import io.sluice.proxy.auth.ldap.LdapOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who else may read the files in which a configuration has its secrets. Used once. */
final class SecretFiles {
  private final ProxyConfig config;
  private final FileReaders readers;
  private final List<Problem> problems = new ArrayList<>();

  SecretFiles(ProxyConfig config, FileReaders readers) {
    this.config = config;
    this.readers = readers;
  }

  /**
   * Looks at all of them.
   *
   * @param rules of the HBA file
   */
  List<Problem> check(List<HbaRule> rules) {
    checkTexts(rules);
    Values own = config.values();
    checkNamed("", own, Settings.AUTH_FILE);
    checkNamed("", own, Settings.CLIENT_TLS_KEY_FILE);
    checkNamed("", own, Settings.SERVER_TLS_KEY_FILE);
    for (DatabaseConfig database : entries()) {
      String entry = "databases." + database.name() + '.';
      checkNamed(entry, database.values(), Settings.SERVER_TLS_KEY_FILE);
      if (database.password() instanceof PasswordSource.File file) {
        String name = entry + Settings.PASSWORD.name();
        Origin place = config.origin(database.values(), Settings.PASSWORD);
        warn(place, name, null, file.path(), "its file can be read by ");
      }
    }
    for (PeerConfig peer : config.peers().values()) {
      checkNamed("peers." + peer.id() + '.', peer.values(), Settings.SERVER_TLS_KEY_FILE);
    }
    return problems;
  }

  private List<DatabaseConfig> entries() {
    List<DatabaseConfig> all = new ArrayList<>(config.databases().values());
    DatabaseConfig automatic = config.autoDatabase();
    if (automatic != null) {
      all.add(automatic);
    }
    return all;
  }

  /** The configuration, what it includes, and rules, as far as secrets stand in them. */
  private void checkTexts(List<HbaRule> rules) {
    Set<String> texts = new LinkedHashSet<>();
    for (DatabaseConfig database : entries()) {
      if (database.password() instanceof PasswordSource.Literal) {
        texts.add(config.origin(database.values(), Settings.PASSWORD).file());
      }
    }
    String options = config.values().find(Settings.AUTH_LDAP_OPTIONS);
    if (options != null && options.toLowerCase(Locale.ROOT).contains("ldapbindpasswd")) {
      texts.add(config.origin(config.values(), Settings.AUTH_LDAP_OPTIONS).file());
    }
    for (HbaRule rule : rules) {
      LdapOptions ldap = rule.options().ldap();
      if (ldap != null && ldap.bindPassword() != null) {
        texts.add(rule.file());
      }
    }
    texts.forEach(
        file -> warn(new Origin(file, 0), "", null, file, "holds passwords and may be read by "));
  }

  private void checkNamed(String entry, Values values, Setting<String> setting) {
    String file = values.isSet(setting) ? values.find(setting) : null;
    if (file != null && !file.isEmpty()) {
      String name = entry + setting.name();
      warn(config.origin(values, setting), name, file, file, "holds secrets and may be read by ");
    }
  }

  private void warn(
      Origin place, String name, @Nullable String value, String file, String sentence) {
    try {
      FileReaders.Others others = readers.others(Path.of(file));
      if (others != FileReaders.Others.NOBODY) {
        problems.add(
            Problem.warning(
                place, name, value, sentence + others.words(), others.remedy() + ' ' + file));
      }
    } catch (InvalidPathException noFile) {
      // A value from the environment or the console, which have no file.
    }
  }
}
