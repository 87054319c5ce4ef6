package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.sluice.config.setting.Settings;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.tls.TlsSession;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between clients and a running proxy. */
class ClientTlsTest {
  private static final byte[] SSL_REQUEST = request(80_877_103);
  private static final byte[] GSS_REQUEST = request(80_877_104);

  private static final String ALPN = "postgresql";

  @TempDir static Path directory;

  private static TestAuthority ours;
  private static TestAuthority theirs;
  private static String files;
  private static String authority;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = TestAuthority.create("Ours");
    theirs = TestAuthority.create("Theirs");
    files = TestAuthority.settings(ours.server(), directory, "client");
    authority = "client_tls_ca_file = " + ours.writeTo(directory.resolve("ca.crt"));
  }

  private static byte[] request(int code) {
    return ByteBuffer.allocate(8).putInt(8).putInt(code).array();
  }

  private static RunningProxy proxy(String mode, String... more) throws IOException {
    return new RunningProxy("client_tls_sslmode = " + mode, files, String.join("\n", more));
  }

  private static Peer secured(RunningProxy proxy, SSLContext context) throws IOException {
    Peer client = proxy.connect();
    client.send(SSL_REQUEST);
    assertThat(client.readByte()).isEqualTo('S');
    return client.secure(context);
  }

  private static byte[] startup() {
    return Wire.startup("user", "app", "database", "db");
  }

  /** Logs in, and has one query answered with many rows. */
  private static void serve(RunningProxy proxy, Peer client) throws IOException {
    client.send(startup());
    Peer server = proxy.postgres().login();
    client.readTo('Z');
    client.send(Wire.query("select " + "x".repeat(100_000)));
    assertThat(server.read().text()).hasSize("select |".length() + 100_000);
    byte[] row = Wire.row(50_000);
    server.send(row, row, row, row, row, Wire.complete("SELECT 5"), Wire.ready('I'));
    assertThat(client.typesTo('Z')).isEqualTo("DDDDDCZ");
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "prefer", "require"})
  void encryptsWhatAClientAsksToBeEncrypted(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = secured(proxy, ours.context(null))) {
      assertThat(((SSLSocket) client.socket()).getSession().getProtocol()).isEqualTo("TLSv1.3");
      serve(proxy, client);
    }
  }

  @Test
  void servesTheJdksTlsWhereSuitesOfTls13AreChosen() throws Exception {
    try (RunningProxy proxy =
            proxy("require", "client_tls13_ciphers = TLS_CHACHA20_POLY1305_SHA256");
        Peer client = secured(proxy, ours.context(null))) {
      assertThat(((SSLSocket) client.socket()).getSession().getCipherSuite())
          .isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
      serve(proxy, client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "allow", "prefer"})
  void servesPlainClientsWhereTlsIsNotRequired(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = proxy.connect()) {
      serve(proxy, client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full"})
  void turnsPlainClientsAway(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode, authority);
        Peer client = proxy.connect()) {
      client.send(startup());
      assertThat(client.readToEnd().toString()).contains("SFATAL|", "M" + "SSL required|");
    }
  }

  @Test
  void offersNoTlsWhereItIsDisabled() throws Exception {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.connect()) {
      client.send(SSL_REQUEST);
      assertThat(client.readByte()).isEqualTo('N');
      serve(proxy, client);
    }
  }

  @Test
  void goesFromGssToTls() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer plain = proxy.connect()) {
      plain.send(GSS_REQUEST);
      assertThat(plain.readByte()).isEqualTo('N');
      plain.send(SSL_REQUEST);
      assertThat(plain.readByte()).isEqualTo('S');
      serve(proxy, plain.secure(ours.context(null)));
    }
  }

  @Test
  void endsAConnectionWithBytesBeforeTheAnswerToItsRequest() throws Exception {
    try (RunningProxy proxy = proxy("require");
        Peer client = proxy.connect()) {
      client.send(SSL_REQUEST, startup());
      assertThat(client.readToEnd().toString())
          .contains("SFATAL|", "received unencrypted data after SSL request");
    }
  }

  @Test
  void takesNothingThatIsNotTlsForAHandshake() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = proxy.connect()) {
      client.send(SSL_REQUEST);
      assertThat(client.readByte()).isEqualTo('S');
      client.send(startup());
      client.awaitEnd();
      try (Peer next = proxy.connect()) {
        serve(proxy, next);
      }
    }
  }

  @Test
  void refusesTlsInsideTls() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = secured(proxy, ours.context(null))) {
      client.send(SSL_REQUEST);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void takesDirectTlsForPostgresql() throws Exception {
    try (RunningProxy proxy = proxy("require");
        Peer client = proxy.connect().secure(ours.context(null), ALPN)) {
      assertThat(((SSLSocket) client.socket()).getApplicationProtocol()).isEqualTo(ALPN);
      serve(proxy, client);
    }
  }

  @Test
  void choosesPostgresqlWhenItIsOneOfMany() throws Exception {
    try (RunningProxy proxy = proxy("require");
        Peer client = proxy.connect().secure(ours.context(null), "h2", ALPN)) {
      serve(proxy, client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h2"})
  void refusesDirectTlsForAnythingElse(String protocol) throws Exception {
    String[] offered = protocol.isEmpty() ? new String[0] : new String[] {protocol};
    try (RunningProxy proxy = proxy("require");
        Peer client = proxy.connect().secure(ours.context(null), offered)) {
      client.send(startup());
      assertThat(client.readToEnd()).isEmpty();
    } catch (SSLException refused) {
      assertThat(refused).hasMessageContaining("no_application_protocol");
    }
  }

  @Test
  void refusesDirectTlsWhereTlsIsDisabled() throws Exception {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.connect()) {
      assertThatThrownBy(() -> client.secure(ours.context(null), ALPN))
          .isInstanceOf(IOException.class);
    }
  }

  // ---- certificates of clients

  /** What the proxy knows of the one client's TLS. */
  private static TlsFacts facts(RunningProxy proxy) {
    return proxy.onLoop(
        () -> {
          Client client = Objects.requireNonNull(proxy.proxy().clients().first());
          TlsSession tls = Objects.requireNonNull(client.connection().tls());
          return new TlsFacts(tls.peerCommonName(), tls.peerName(), tls.peerIssuer(), tls.text());
        });
  }

  private record TlsFacts(
      @Nullable String commonName, @Nullable String name, @Nullable String issuer, String text) {}

  @ParameterizedTest
  @ValueSource(strings = {"prefer", "require", "verify-ca", "verify-full"})
  void knowsWhoAVerifiedClientIs(String mode) throws Exception {
    X509Bundle alice = ours.issue("CN=alice,OU=People,O=Example", shape -> shape);
    try (RunningProxy proxy = proxy(mode, authority);
        Peer client = secured(proxy, ours.context(alice))) {
      serve(proxy, client);
      TlsFacts facts = facts(proxy);
      assertThat(facts.commonName()).isEqualTo("alice");
      assertThat(facts.name()).isEqualTo("CN=alice,OU=People,O=Example");
      assertThat(facts.issuer()).isEqualTo("CN=Ours");
      assertThat(facts.text()).matches("TLSv1\\.3/TLS_AES_\\d+_GCM_SHA\\d+");
    }
  }

  @Test
  void doesNotLookAtACertificateThatItCannotVerify() throws Exception {
    X509Bundle mallory = theirs.issue("CN=alice", shape -> shape);
    try (RunningProxy proxy = proxy("require");
        Peer client = secured(proxy, ours.context(mallory))) {
      serve(proxy, client);
      TlsFacts facts = facts(proxy);
      assertThat(facts.commonName()).isNull();
    }
  }

  private static void assertRefused(RunningProxy proxy, @Nullable X509Bundle own) throws Exception {
    // With TLS 1.3 a client learns at its first read that its certificate was refused.
    assertThatThrownBy(
            () -> {
              try (Peer client = secured(proxy, ours.context(own))) {
                client.send(startup());
                client.readTo('R');
              }
            })
        .isInstanceOf(IOException.class)
        .satisfies(end -> assertThat(end.getCause() instanceof SocketTimeoutException).isFalse());
  }

  @Test
  void refusesClientsWithoutACertificateOrWithOneThatIsNotGood() throws Exception {
    try (RunningProxy proxy = proxy("verify-full", authority)) {
      assertRefused(proxy, null);
      assertRefused(proxy, theirs.issue("CN=alice", shape -> shape));
      assertRefused(proxy, ours.issue("CN=alice", TestAuthority::expired));
    }
  }

  @Test
  void refusesABadCertificateEvenWhereNoneIsNeeded() throws Exception {
    try (RunningProxy proxy = proxy("prefer", authority)) {
      assertRefused(proxy, theirs.issue("CN=alice", shape -> shape));
      try (Peer client = secured(proxy, ours.context(null))) {
        serve(proxy, client);
      }
    }
  }

  // ---- settings

  @Test
  void speaksOnlyTheVersionsAndSuitesThatAreConfigured() throws Exception {
    try (RunningProxy proxy =
            proxy(
                "require",
                "client_tls_protocols = tlsv1.2",
                "client_tls_ciphers = ECDHE+AESGCM:!AES256");
        Peer client = secured(proxy, ours.context(null))) {
      SSLSocket socket = (SSLSocket) client.socket();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
      assertThat(socket.getSession().getCipherSuite())
          .isEqualTo("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
      serve(proxy, client);
      TlsFacts facts = facts(proxy);
      assertThat(facts.text()).isEqualTo("TLSv1.2/ECDHE-RSA-AES128-GCM-SHA256");
    }
  }

  @Test
  void doesNotStartWithFilesThatItCannotUse() {
    assertThatThrownBy(
            () ->
                new RunningProxy(
                    "client_tls_sslmode = require",
                    "client_tls_key_file = " + directory.resolve("nowhere.key"),
                    "client_tls_cert_file = " + directory.resolve("client.crt")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TLS setup failed")
        .hasMessageContaining("nowhere.key: no such file");
  }

  @Test
  void keepsTheOldCertificateWhenTheNewOneCannotBeUsed() throws Exception {
    try (RunningProxy proxy = proxy("require")) {
      String failure =
          proxy.set(Settings.CLIENT_TLS_KEY_FILE, directory.resolve("nowhere.key").toString());
      assertThat(failure).contains("TLS setup failed");
      try (Peer client = secured(proxy, ours.context(null))) {
        serve(proxy, client);
      }
    }
  }
}
