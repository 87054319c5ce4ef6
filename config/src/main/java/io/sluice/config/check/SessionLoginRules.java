package io.sluice.config.check;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SessionLogin;
import org.jspecify.annotations.Nullable;

/** Finds where session_login = early means nothing: clients are not in session mode. */
final class SessionLoginRules {
  private static final String SENTENCE = "acts in session mode only, pool_mode is ";
  private static final String HINT = "set pool_mode = session as well, or leave session_login out";

  private final ProxyConfig config;
  private final Findings findings;

  private SessionLoginRules(ProxyConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  /** Applies the rule to the process and to every database that gives the setting itself. */
  static void check(ProxyConfig config, Findings findings) {
    SessionLoginRules rules = new SessionLoginRules(config, findings);
    if (rules.hasUsersWithAModeOfTheirOwn()) {
      return;
    }
    rules.checkProcess();
    ConfigCheck.all(config).forEach(rules::check);
  }

  /** They may be in session mode in any database. */
  private boolean hasUsersWithAModeOfTheirOwn() {
    return config.users().values().stream()
        .anyMatch(user -> user.values().find(Settings.POOL_MODE) == PoolMode.SESSION);
  }

  private void checkProcess() {
    boolean early = config.values().get(Settings.SESSION_LOGIN) == SessionLogin.EARLY;
    boolean nowhere =
        mode(null) != PoolMode.SESSION
            && ConfigCheck.all(config).stream().allMatch(d -> mode(d) != PoolMode.SESSION);
    if (early && nowhere) {
      findings.warn(Settings.SESSION_LOGIN, SENTENCE + mode(null).word(), HINT);
    }
  }

  private void check(DatabaseConfig database) {
    boolean early = database.values().find(Settings.SESSION_LOGIN) == SessionLogin.EARLY;
    if (early && mode(database) != PoolMode.SESSION) {
      findings.warn(
          ConfigCheck.label(database),
          database.values(),
          Settings.SESSION_LOGIN,
          SENTENCE + mode(database).word(),
          HINT);
    }
  }

  private PoolMode mode(@Nullable DatabaseConfig database) {
    return config.effective(Settings.POOL_MODE, null, database);
  }
}
