package io.sluice.config.check;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a configuration as a whole: settings that contradict one another, that have no effect
 * together, or whose feature this version does not have.
 */
public final class ConfigCheck {
  /** The console, which is no database of PostgreSQL. */
  private static final String CONSOLE = "pgbouncer";

  /** Room for a path in the kernel's socket address on Linux, without the final zero byte. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final Set<String> FACILITIES =
      Set.of(
          "auth",
          "authpriv",
          "daemon",
          "user",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private final ProxyConfig config;
  private final Values values;
  private final Findings findings;

  private ConfigCheck(ProxyConfig config) {
    this.config = config;
    this.values = config.values();
    this.findings = new Findings(config);
  }

  /** Applies all rules and returns what they find. */
  public static List<Problem> check(ProxyConfig config) {
    return new ConfigCheck(config).run();
  }

  private List<Problem> run() {
    checkListening();
    checkAuthentication();
    checkConsole();
    checkSyslog();
    checkDatabases();
    PoolSizeRules.check(config, findings);
    SessionLoginRules.check(config, findings);
    TlsRules.check(config, findings);
    NotYetEffective.check(config, findings);
    return findings.problems();
  }

  private void checkListening() {
    String directory = values.get(Settings.UNIX_SOCKET_DIR);
    if (!directory.isEmpty()) {
      checkSocketPath(directory);
    } else if (values.get(Settings.LISTEN_ADDR).isEmpty()) {
      findings.error(
          Settings.UNIX_SOCKET_DIR,
          "there is nowhere to listen, since listen_addr is empty too",
          "for example listen_addr = 127.0.0.1");
    }
  }

  private void checkSocketPath(String directory) {
    String path = directory + "/.s.PGSQL." + values.get(Settings.LISTEN_PORT);
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH_BYTES) {
      findings.error(
          Settings.UNIX_SOCKET_DIR,
          "the path of the socket has " + length + " bytes, the system allows 107",
          "choose a shorter directory");
    }
  }

  private void checkAuthentication() {
    AuthType type = values.get(Settings.AUTH_TYPE);
    checkRules(type);
    checkTokens(type);
    boolean needsSecrets =
        switch (type) {
          case TRUST, PLAIN, MD5, SCRAM_SHA_256 -> true;
          case ANY, CERT, HBA, LDAP, PAM, JWT -> false;
        };
    if (needsSecrets && isBlank(values.find(Settings.AUTH_FILE)) && !asksForSecrets()) {
      findings.warn(
          Settings.AUTH_TYPE,
          "knows no users without auth_file, so nobody can log in",
          "name a file with \"user\" \"password\" lines");
    }
  }

  private void checkRules(AuthType type) {
    if (type == AuthType.HBA && isBlank(values.find(Settings.AUTH_HBA_FILE))) {
      findings.error(
          Settings.AUTH_TYPE,
          "needs auth_hba_file, which is not set",
          "name a file in the format of pg_hba.conf");
    }
    if (type == AuthType.LDAP && isBlank(values.find(Settings.AUTH_LDAP_OPTIONS))) {
      findings.error(Settings.AUTH_TYPE, "needs auth_ldap_options, which is not set", null);
    }
  }

  private void checkTokens(AuthType type) {
    for (Setting<String> needed : List.of(Settings.AUTH_JWT_KEY_SET, Settings.AUTH_JWT_AUDIENCE)) {
      if (type == AuthType.JWT && isBlank(values.find(needed))) {
        findings.error(Settings.AUTH_TYPE, "needs " + needed.name() + ", which is not set", null);
      }
    }
  }

  /** Says whether auth_query is run for anybody. */
  private boolean asksForSecrets() {
    return !isBlank(values.find(Settings.AUTH_USER))
        || all(config).stream().anyMatch(database -> !isBlank(database.authUser()));
  }

  private void checkConsole() {
    if (values.get(Settings.DISABLE_PQEXEC)) {
      findings.warn(Settings.DISABLE_PQEXEC, "psql can not use the console while it is on", null);
    }
    checkAuthDatabase(values.find(Settings.AUTH_DBNAME), null);
  }

  private void checkAuthDatabase(@Nullable String name, @Nullable DatabaseConfig database) {
    if (!CONSOLE.equals(name)) {
      return;
    }
    String sentence = "auth_query can not run in the console";
    if (database == null) {
      findings.error(Settings.AUTH_DBNAME, sentence, null);
    } else {
      findings.error(label(database), database.values(), Settings.AUTH_DBNAME, sentence, null);
    }
  }

  private void checkSyslog() {
    String facility = values.get(Settings.SYSLOG_FACILITY).toLowerCase(Locale.ROOT);
    if (!FACILITIES.contains(facility)) {
      findings.warn(
          Settings.SYSLOG_FACILITY,
          "unknown facility, daemon is used",
          "auth, authpriv, daemon, user or local0 to local7");
    }
  }

  private void checkDatabases() {
    List<DatabaseConfig> all = all(config);
    if (all.isEmpty()) {
      findings.warnAbout(
          "databases", Values.none(), "there is none, so only the console can be reached", null);
    }
    all.forEach(this::checkDatabase);
  }

  private void checkDatabase(DatabaseConfig database) {
    checkAuthDatabase(database.authDbname(), database);
    if (database.password() != null && database.user() == null) {
      findings.warn(
          label(database),
          database.values(),
          Settings.PASSWORD,
          "the password is not used without user=",
          "clients log in to PostgreSQL with their own");
    }
    if (values.get(Settings.AUTH_TYPE) == AuthType.ANY && database.user() == null) {
      findings.warnAbout(
          label(database),
          database.values(),
          "auth_type any takes no user from the client, so nobody can log in",
          "add user=NAME");
    }
  }

  /** Lists the databases, the {@code *} entry last. */
  static List<DatabaseConfig> all(ProxyConfig config) {
    List<DatabaseConfig> all = new ArrayList<>(config.databases().values());
    if (config.autoDatabase() != null) {
      all.add(config.autoDatabase());
    }
    return all;
  }

  /** Names an entry as problems do. */
  static String label(DatabaseConfig database) {
    return "databases." + database.name();
  }

  /** Says whether a setting without a value, or with an empty one, is as good as not given. */
  static boolean isGiven(Values values, Setting<?> setting) {
    String text = values.print(setting);
    return values.isSet(setting) && !isBlank(text);
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
