package io.sluice.config.check;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.SslNegotiation;
import io.sluice.config.value.TlsVersion;
import io.sluice.config.value.Values;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules between the settings of TLS. What is in the files is looked at when they are opened. */
final class TlsRules {
  private static final Set<String> DHE_PARAMS = Set.of("auto", "none");

  private static final List<Setting<?>> SERVER_SETTINGS =
      List.of(
          Settings.SERVER_TLS_SSLMODE,
          Settings.SERVER_TLS_SSLNEGOTIATION,
          Settings.SERVER_TLS_KEY_FILE,
          Settings.SERVER_TLS_CERT_FILE,
          Settings.SERVER_TLS_PROTOCOLS);

  private final ProxyConfig config;
  private final Values values;
  private final Findings findings;

  private TlsRules(ProxyConfig config, Findings findings) {
    this.config = config;
    this.values = config.values();
    this.findings = findings;
  }

  /** Applies the rules for connections of both sides; to databases only if they give something. */
  static void check(ProxyConfig config, Findings findings) {
    TlsRules rules = new TlsRules(config, findings);
    rules.checkClients();
    rules.checkVersions(Settings.CLIENT_TLS_PROTOCOLS, null);
    rules.checkServers(null);
    for (DatabaseConfig database : ConfigCheck.all(config)) {
      if (SERVER_SETTINGS.stream().anyMatch(database.values()::isSet)) {
        rules.checkServers(database);
      }
    }
    config.peers().values().forEach(rules::checkPeer);
  }

  /** TLS with another pooler is demanded by its entry alone. */
  private void checkPeer(PeerConfig peer) {
    SslMode mode = peer.values().find(Settings.SERVER_TLS_SSLMODE);
    if (peer.values().find(Settings.SERVER_TLS_SSLNEGOTIATION) == SslNegotiation.DIRECT
        && mode != null
        && !mode.isRequired()) {
      findings.error(
          "peers." + peer.id(),
          peer.values(),
          Settings.SERVER_TLS_SSLNEGOTIATION,
          "direct TLS cannot fall back to plain text",
          "set server_tls_sslmode of the peer to require or more");
    }
  }

  private void checkClients() {
    SslMode mode = values.get(Settings.CLIENT_TLS_SSLMODE);
    if (mode == SslMode.DISABLE) {
      return;
    }
    boolean complete =
        ConfigCheck.isGiven(values, Settings.CLIENT_TLS_KEY_FILE)
            && ConfigCheck.isGiven(values, Settings.CLIENT_TLS_CERT_FILE);
    if (!complete) {
      findings.error(
          Settings.CLIENT_TLS_SSLMODE,
          "needs client_tls_key_file and client_tls_cert_file",
          "name both files, or set disable");
    }
    if (!ConfigCheck.isGiven(values, Settings.CLIENT_TLS_CA_FILE)) {
      checkWithoutAuthorities(mode);
    }
    String dheParams = values.get(Settings.CLIENT_TLS_DHEPARAMS).toLowerCase(Locale.ROOT);
    if (!DHE_PARAMS.contains(dheParams)) {
      findings.error(Settings.CLIENT_TLS_DHEPARAMS, "not one of the known words", "auto or none");
    }
  }

  /** The system's authorities sign for everybody: PgBouncer's users are told, and not shut out. */
  private void checkWithoutAuthorities(SslMode mode) {
    if (mode == SslMode.VERIFY_FULL) {
      findings.error(
          Settings.CLIENT_TLS_SSLMODE,
          "needs client_tls_ca_file, with those who sign the certificates of clients",
          null);
    } else if (mode == SslMode.VERIFY_CA) {
      findings.warn(
          Settings.CLIENT_TLS_SSLMODE,
          "without client_tls_ca_file, a certificate of any public authority is enough, and proves to"
              + " no rule who a client is",
          "name those who sign the certificates of clients in client_tls_ca_file");
    }
  }

  private void checkServers(@Nullable DatabaseConfig database) {
    checkVersions(Settings.SERVER_TLS_PROTOCOLS, database);
    boolean key = isGiven(Settings.SERVER_TLS_KEY_FILE, database);
    if (key != isGiven(Settings.SERVER_TLS_CERT_FILE, database)) {
      error(
          key ? Settings.SERVER_TLS_KEY_FILE : Settings.SERVER_TLS_CERT_FILE,
          database,
          "has no meaning alone: server_tls_key_file and server_tls_cert_file belong together",
          null);
    }
    boolean direct =
        config.effective(Settings.SERVER_TLS_SSLNEGOTIATION, null, database)
            == SslNegotiation.DIRECT;
    if (direct && !config.effective(Settings.SERVER_TLS_SSLMODE, null, database).isRequired()) {
      error(
          Settings.SERVER_TLS_SSLNEGOTIATION,
          database,
          "direct TLS cannot fall back to plain text",
          "set server_tls_sslmode to require or more");
    }
  }

  private boolean isGiven(Setting<String> setting, @Nullable DatabaseConfig database) {
    if (database != null && database.values().isSet(setting)) {
      return ConfigCheck.isGiven(database.values(), setting);
    }
    return ConfigCheck.isGiven(values, setting);
  }

  private void checkVersions(Setting<List<String>> setting, @Nullable DatabaseConfig database) {
    if (database != null && !database.values().isSet(setting)) {
      return;
    }
    Values given = database == null ? values : database.values();
    try {
      TlsVersion.parse(given.get(setting));
    } catch (IllegalArgumentException unknown) {
      error(
          setting,
          database,
          String.valueOf(unknown.getMessage()),
          "tlsv1.0 to tlsv1.3, all or secure, between commas");
    }
  }

  /** Reports where the setting is given: in the entry or for the process. */
  private void error(
      Setting<?> setting,
      @Nullable DatabaseConfig database,
      String sentence,
      @Nullable String hint) {
    if (database != null && database.values().isSet(setting)) {
      findings.error(ConfigCheck.label(database), database.values(), setting, sentence, hint);
    } else {
      findings.error(setting, sentence, hint);
    }
  }
}
