package io.sluice.config.check;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.TlsVersion;
import io.sluice.config.value.Values;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules between the settings of TLS. What is in the files is looked at when they are opened. */
final class TlsRules {
  private static final Set<String> DHE_PARAMS = Set.of("auto", "none");

  private final Values values;
  private final Findings findings;

  private TlsRules(ProxyConfig config, Findings findings) {
    this.values = config.values();
    this.findings = findings;
  }

  /** Applies the rules for connections of both sides. */
  static void check(ProxyConfig config, Findings findings) {
    TlsRules rules = new TlsRules(config, findings);
    rules.checkClients();
    rules.checkVersions(Settings.CLIENT_TLS_PROTOCOLS);
    rules.checkVersions(Settings.SERVER_TLS_PROTOCOLS);
    rules.checkPair(Settings.SERVER_TLS_KEY_FILE, Settings.SERVER_TLS_CERT_FILE);
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
    if (mode == SslMode.VERIFY_FULL && !ConfigCheck.isGiven(values, Settings.CLIENT_TLS_CA_FILE)) {
      findings.error(
          Settings.CLIENT_TLS_SSLMODE,
          "needs client_tls_ca_file, with those who sign the certificates of clients",
          null);
    }
    String dheParams = values.get(Settings.CLIENT_TLS_DHEPARAMS).toLowerCase(Locale.ROOT);
    if (!DHE_PARAMS.contains(dheParams)) {
      findings.error(Settings.CLIENT_TLS_DHEPARAMS, "not one of the known words", "auto or none");
    }
  }

  private void checkVersions(Setting<List<String>> setting) {
    try {
      TlsVersion.parse(values.get(setting));
    } catch (IllegalArgumentException unknown) {
      findings.error(
          setting,
          String.valueOf(unknown.getMessage()),
          "tlsv1.0 to tlsv1.3, all or secure, between commas");
    }
  }

  private void checkPair(Setting<String> key, Setting<String> certificate) {
    if (ConfigCheck.isGiven(values, key) != ConfigCheck.isGiven(values, certificate)) {
      findings.error(
          ConfigCheck.isGiven(values, key) ? key : certificate,
          "has no meaning alone: %s and %s belong together"
              .formatted(key.name(), certificate.name()),
          null);
    }
  }
}
