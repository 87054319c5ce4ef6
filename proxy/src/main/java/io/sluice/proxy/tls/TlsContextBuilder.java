package io.sluice.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.TlsVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Builds one {@link TlsContext}: reads the files, and translates the settings. Used once. */
final class TlsContextBuilder {
  /** Where systems keep the authorities that they trust. */
  private static final List<String> SYSTEM_BUNDLES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/cert.pem");

  private final TlsRole role;
  private final TlsSettings settings;
  private final TlsProvider provider;

  TlsContextBuilder(TlsRole role, TlsSettings settings, TlsProvider provider) {
    this.role = role;
    this.settings = settings;
    this.provider = provider;
  }

  TlsContext build() throws TlsFailure {
    // Before they are read: a change in between is seen the next time.
    FileStamps stamps =
        FileStamps.of(List.of(settings.keyFile(), settings.certFile(), settings.caFile()));
    List<X509Certificate> chain = new ArrayList<>();
    PrivateKey key = readKey(chain);
    SslContextBuilder builder = begin(key, chain);
    builder
        .sslProvider(provider.netty())
        .trustManager(trust(checksPeers()))
        .protocols(settings.versions().stream().map(TlsVersion::libraryName).toList())
        .applicationProtocolConfig(alpn());
    chooseSuites(builder);
    chooseGroups(builder);
    try {
      SslContext context = builder.build();
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        // PostgreSQL's clients do not resume sessions, and one that is resumed shows no
        // certificate.
        sessions.setSessionCacheEnabled(false);
      }
      return new TlsContext(
          role, settings, new TlsContext.Library(provider, context), chain, knowsPeers(), stamps);
    } catch (SSLException | RuntimeException refused) {
      throw new TlsFailure(role.word() + " TLS: " + refused.getMessage(), refused);
    }
  }

  private @Nullable PrivateKey readKey(List<X509Certificate> chain) throws TlsFailure {
    boolean none = settings.keyFile().isEmpty() && settings.certFile().isEmpty();
    if (none && role == TlsRole.SERVERS) {
      return null;
    }
    if (settings.keyFile().isEmpty() || settings.certFile().isEmpty()) {
      throw new TlsFailure(
          "%s_tls_key_file and %s_tls_cert_file must both be set"
              .formatted(role.word(), role.word()));
    }
    chain.addAll(Pem.certificates(settings.certFile()));
    PrivateKey key = Pem.privateKey(settings.keyFile());
    if (!belongTogether(key, chain.get(0))) {
      throw new TlsFailure(
          "%s: the key does not belong to the certificate in %s"
              .formatted(settings.keyFile(), settings.certFile()));
    }
    return key;
  }

  /** Signs with one and verifies with the other, where we know how. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
    try {
      byte[] text = certificate.getSignature();
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      signer.initVerify(certificate.getPublicKey());
      signer.update(text);
      return signer.verify(signature);
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private SslContextBuilder begin(@Nullable PrivateKey key, List<X509Certificate> chain) {
    X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
    if (role == TlsRole.CLIENTS && key != null) {
      return SslContextBuilder.forServer(key, certificates).clientAuth(clientAuth());
    }
    // Host names are checked by PeerTrust, which knows libpq's rules.
    SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
    return key == null ? builder : builder.keyManager(key, certificates);
  }

  /**
   * A client's certificate is checked whenever it is shown and there is somebody to trust, as
   * PgBouncer and PostgreSQL do.
   */
  private ClientAuth clientAuth() {
    if (settings.verifies()) {
      return ClientAuth.REQUIRE;
    }
    return settings.caFile().isEmpty() ? ClientAuth.NONE : ClientAuth.OPTIONAL;
  }

  private boolean checksPeers() {
    return settings.verifies() || (role == TlsRole.CLIENTS && !settings.caFile().isEmpty());
  }

  /**
   * The system's authorities sign for everybody who has a host name: they are right to say who a
   * server is, and nobody has asked them to say who our clients are.
   */
  private boolean knowsPeers() {
    return role == TlsRole.CLIENTS ? !settings.caFile().isEmpty() : settings.verifies();
  }

  private PeerTrust trust(boolean checks) throws TlsFailure {
    if (!checks) {
      return PeerTrust.everybody();
    }
    boolean checksHost = role == TlsRole.SERVERS && settings.mode() == SslMode.VERIFY_FULL;
    return PeerTrust.in(authorities(), checksHost);
  }

  private @Nullable List<X509Certificate> authorities() throws TlsFailure {
    if (!settings.caFile().isEmpty()) {
      return Pem.certificates(settings.caFile());
    }
    for (String bundle : SYSTEM_BUNDLES) {
      if (Files.isReadable(Path.of(bundle))) {
        return Pem.certificates(bundle);
      }
    }
    return null;
  }

  /** BoringSSL cannot refuse a wrong offer; whoever must have ALPN looks at what was chosen. */
  private ApplicationProtocolConfig alpn() {
    SelectorFailureBehavior mismatch =
        provider == TlsProvider.JDK && role == TlsRole.CLIENTS
            ? SelectorFailureBehavior.FATAL_ALERT
            : SelectorFailureBehavior.NO_ADVERTISE;
    return new ApplicationProtocolConfig(
        Protocol.ALPN, mismatch, SelectedListenerFailureBehavior.ACCEPT, TlsContext.POSTGRESQL);
  }

  private void chooseSuites(SslContextBuilder builder) throws TlsFailure {
    List<String> older = CipherSuites.parse(settings.ciphers());
    List<String> newer = CipherSuites.parseTls13(settings.tls13Ciphers());
    boolean withoutDhe = settings.dheParams().equalsIgnoreCase("none");
    boolean serves = role == TlsRole.CLIENTS;
    if (older == null && !serves && settings.tls13Ciphers().isEmpty() && !withoutDhe) {
      return;
    }
    List<String> suites = new ArrayList<>(newer);
    if (older != null) {
      suites.addAll(older);
    } else {
      suites.addAll(serves ? CipherSuites.forwardSecret() : CipherSuites.usual());
    }
    if (withoutDhe) {
      suites.removeIf(suite -> suite.startsWith("TLS_DHE_"));
    }
    builder.ciphers(suites, SupportedCipherSuiteFilter.INSTANCE);
  }

  private void chooseGroups(SslContextBuilder builder) throws TlsFailure {
    String curve = settings.curve().toLowerCase(Locale.ROOT);
    if (curve.isEmpty() || curve.equals("auto") || curve.equals("none")) {
      return;
    }
    if (provider != TlsProvider.OPENSSL) {
      throw new TlsFailure(
          role.word() + "_tls_ecdhcurve: the JDK's TLS has no such choice, only auto and none");
    }
    builder.option(OpenSslContextOption.GROUPS, settings.curve().split("[:,]"));
  }
}
