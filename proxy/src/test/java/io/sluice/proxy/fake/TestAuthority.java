package io.sluice.proxy.fake;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** An authority whose certificates a test can have written to files. */
public final class TestAuthority {
  private static final Duration DAY = Duration.ofDays(1);

  private final X509Bundle root;

  private TestAuthority(X509Bundle root) {
    this.root = root;
  }

  /** Makes an authority that nobody knows yet. */
  public static TestAuthority create(String name) throws Exception {
    return new TestAuthority(
        valid().subject("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned());
  }

  private static CertificateBuilder valid() {
    Instant now = Instant.now();
    return new CertificateBuilder().notBefore(now.minus(DAY)).notAfter(now.plus(DAY)).rsa2048();
  }

  /**
   * Signs a certificate, valid for a day and on both sides of now unless it is shaped otherwise.
   */
  public X509Bundle issue(String subject, UnaryOperator<CertificateBuilder> shape)
      throws Exception {
    return shape.apply(valid().subject(subject)).buildIssuedBy(root);
  }

  /** Signs a certificate for localhost. */
  public X509Bundle server() throws Exception {
    return issue("CN=localhost", TestAuthority::forLocalhost);
  }

  /** Adds the names of this machine. */
  public static CertificateBuilder forLocalhost(CertificateBuilder builder) {
    return builder.addSanDnsName("localhost").addSanIpAddress("127.0.0.1");
  }

  /** Makes the times of a certificate lie before now. */
  public static CertificateBuilder expired(CertificateBuilder builder) {
    Instant now = Instant.now();
    return builder.notBefore(now.minus(DAY.multipliedBy(3))).notAfter(now.minus(DAY));
  }

  /** Writes the authority's own certificate. */
  public Path writeTo(Path file) throws IOException {
    return Files.writeString(file, root.getCertificatePEM());
  }

  /** Writes {@code NAME.crt} and {@code NAME.key}; the settings that name them. */
  public static String settings(X509Bundle bundle, Path directory, String role) throws IOException {
    write(bundle, directory, role);
    return """
        %1$s_tls_cert_file = %2$s/%1$s.crt
        %1$s_tls_key_file = %2$s/%1$s.key
        """
        .formatted(role, directory);
  }

  /** Writes {@code NAME.crt} and {@code NAME.key}. */
  public static void write(X509Bundle bundle, Path directory, String name) throws IOException {
    Files.writeString(directory.resolve(name + ".crt"), bundle.getCertificatePEM());
    Files.writeString(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
  }

  /**
   * What a TLS peer in a test uses: trusts this authority, and shows a certificate if given, even
   * to those who do not want one from its authority.
   */
  public SSLContext context(@Nullable X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = own == null ? null : new KeyManager[] {new Stubborn(own)};
    TrustManager[] trust = {root.toTrustManager()};
    context.init(keys, trust, null);
    return context;
  }

  /** Serves with a certificate for this machine, over channels of any kind. */
  public SSLContext serving() throws Exception {
    char[] password = "any".toCharArray();
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(server().toKeyStore(password), password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), null, null);
    return context;
  }

  /** Has one certificate for everybody. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final X509Bundle own;

    Stubborn(X509Bundle own) {
      this.own = own;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return own.getCertificatePath();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.getKeyPair().getPrivate();
    }
  }
}
