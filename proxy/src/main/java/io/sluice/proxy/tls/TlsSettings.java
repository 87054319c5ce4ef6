package io.sluice.proxy.tls;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.SslNegotiation;
import io.sluice.config.value.TlsVersion;
import io.sluice.config.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say about TLS, for one role. Immutable; equal settings share a context. An
 * empty file name means that there is none.
 *
 * @param mode how much TLS is needed
 * @param keyFile our private key
 * @param certFile our certificate, and those between it and its authority
 * @param caFile the authorities that the other side's certificate must come from
 * @param protocols the versions, as they are written
 * @param ciphers suites up to TLS 1.2, in the syntax of OpenSSL
 * @param tls13Ciphers suites of TLS 1.3, separated by colons; empty for all
 * @param curve {@code auto}, {@code none}, or names of groups separated by colons
 * @param dheParams {@code auto} or {@code none}
 * @param isDirect whether a connection begins with TLS instead of asking for it; for servers
 */
public record TlsSettings(
    SslMode mode,
    String keyFile,
    String certFile,
    String caFile,
    List<String> protocols,
    String ciphers,
    String tls13Ciphers,
    String curve,
    String dheParams,
    boolean isDirect) {
  private static final String AUTO = "auto";

  public TlsSettings {
    requireNonNull(mode, "mode");
    protocols = List.copyOf(protocols);
  }

  /** Reads the settings for connections from clients. */
  public static TlsSettings forClients(Values values) {
    return new TlsSettings(
        values.get(Settings.CLIENT_TLS_SSLMODE),
        text(values, Settings.CLIENT_TLS_KEY_FILE),
        text(values, Settings.CLIENT_TLS_CERT_FILE),
        text(values, Settings.CLIENT_TLS_CA_FILE),
        values.get(Settings.CLIENT_TLS_PROTOCOLS),
        text(values, Settings.CLIENT_TLS_CIPHERS),
        text(values, Settings.CLIENT_TLS13_CIPHERS),
        text(values, Settings.CLIENT_TLS_ECDHCURVE),
        text(values, Settings.CLIENT_TLS_DHEPARAMS),
        false);
  }

  /** Reads the settings for connections to PostgreSQL; what the database gives comes first. */
  public static TlsSettings forServers(Values global, Values database) {
    boolean direct =
        choose(global, database, Settings.SERVER_TLS_SSLNEGOTIATION) == SslNegotiation.DIRECT;
    return towards(global, database, choose(global, database, Settings.SERVER_TLS_SSLMODE), direct);
  }

  /**
   * Reads the settings for connections to another pooler. Its entry alone asks for TLS: what is
   * asked of PostgreSQL says nothing about poolers, which are often on the same machine, and may
   * want a certificate of their clients.
   */
  public static TlsSettings forPeer(Values global, Values peer) {
    boolean direct = peer.find(Settings.SERVER_TLS_SSLNEGOTIATION) == SslNegotiation.DIRECT;
    SslMode given = peer.find(Settings.SERVER_TLS_SSLMODE);
    SslMode usual = direct ? SslMode.REQUIRE : SslMode.DISABLE;
    return towards(global, peer, given == null ? usual : given, direct);
  }

  private static TlsSettings towards(
      Values global, Values database, SslMode mode, boolean isDirect) {
    return new TlsSettings(
        mode,
        text(global, database, Settings.SERVER_TLS_KEY_FILE),
        text(global, database, Settings.SERVER_TLS_CERT_FILE),
        text(global, database, Settings.SERVER_TLS_CA_FILE),
        choose(global, database, Settings.SERVER_TLS_PROTOCOLS),
        text(global, database, Settings.SERVER_TLS_CIPHERS),
        text(global, database, Settings.SERVER_TLS13_CIPHERS),
        AUTO,
        AUTO,
        isDirect);
  }

  private static <T> T choose(Values global, Values database, Setting<T> setting) {
    return database.isSet(setting) ? database.get(setting) : global.get(setting);
  }

  private static String text(Values global, Values database, Setting<String> setting) {
    return text(database.isSet(setting) ? database : global, setting);
  }

  private static String text(Values values, Setting<String> setting) {
    @Nullable String text = values.find(setting);
    return text == null ? "" : text.strip();
  }

  /** Says whether TLS is used at all. */
  public boolean isEnabled() {
    return mode != SslMode.DISABLE;
  }

  /** Says whether a connection without TLS is refused. */
  public boolean isRequired() {
    return mode.isRequired();
  }

  /** Says whether it is for servers, names no file, and leaves all else to the library. */
  boolean isUsual() {
    return keyFile.isEmpty()
        && certFile.isEmpty()
        && caFile.isEmpty()
        && !verifies()
        && protocols.equals(Settings.SERVER_TLS_PROTOCOLS.defaultValue())
        && ciphers.equals(Settings.SERVER_TLS_CIPHERS.defaultText())
        && tls13Ciphers.isEmpty()
        && curve.equals(AUTO)
        && dheParams.equals(AUTO);
  }

  /** Says whether the other side must show a certificate that is checked. */
  boolean verifies() {
    return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
  }

  /**
   * The versions to speak.
   *
   * @throws TlsFailure if the list has unknown words, or leaves none
   */
  List<TlsVersion> versions() throws TlsFailure {
    try {
      return TlsVersion.parse(protocols);
    } catch (IllegalArgumentException unknown) {
      throw new TlsFailure(String.valueOf(unknown.getMessage()), unknown);
    }
  }
}
