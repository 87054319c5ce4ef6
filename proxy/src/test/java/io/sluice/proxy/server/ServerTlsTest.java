package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.sluice.config.setting.Settings;
import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between a running proxy and its servers. */
class ServerTlsTest {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final String ALPN = "postgresql";

  @TempDir static Path directory;

  private static TestAuthority ours;
  private static String authority;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = TestAuthority.create("Ours");
    authority = "server_tls_ca_file = " + ours.writeTo(directory.resolve("ca.crt"));
  }

  private static RunningProxy proxy(String mode, String... more) throws IOException {
    return new RunningProxy("server_tls_sslmode = " + mode, authority, String.join("\n", more));
  }

  /** Accepts a connection and reads the SSLRequest. */
  private static Peer asked(RunningProxy proxy) throws IOException {
    Peer server = proxy.postgres().accept();
    assertThat(ByteBuffer.wrap(server.readPacket()).getInt()).isEqualTo(SSL_REQUEST);
    return server;
  }

  private static Peer secured(RunningProxy proxy, X509Bundle certificate) throws Exception {
    Peer server = asked(proxy);
    server.send(new byte[] {'S'});
    return server.acceptTls(ours.context(certificate), ALPN);
  }

  /** Lets the proxy log in, and answers one query of the client. */
  private static void serve(Peer client, Peer server) throws IOException {
    server.readPacket();
    server.send(FakePostgres.welcome());
    client.readTo('Z');
    client.send(Wire.query("select 1"));
    assertThat(server.read().text()).isEqualTo("select 1\0");
    byte[] row = Wire.row(50_000);
    server.send(row, row, row, Wire.complete("SELECT 3"), Wire.ready('I'));
    assertThat(client.typesTo('Z')).isEqualTo("DDDCZ");
  }

  private static String failure(RunningProxy proxy) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    String failure = "null";
    while (failure.equals("null") && System.nanoTime() < deadline) {
      failure = proxy.onLoop(() -> String.valueOf(pool(proxy).loginFailure()));
    }
    return failure;
  }

  private static Pool pool(RunningProxy proxy) {
    return Objects.requireNonNull(proxy.proxy().pools().find(new PoolKey("db", "app")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "prefer", "require", "verify-ca", "verify-full"})
  void encryptsWhereTheServerCan(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = proxy.start();
        Peer server = secured(proxy, ours.server())) {
      serve(client, server);
      assertThat(proxy.onLoop(() -> tlsOfTheServer(proxy)))
          .matches("TLSv1\\.3/TLS_AES_\\d+_GCM_SHA\\d+");
    }
  }

  private static @Nullable String tlsOfTheServer(RunningProxy proxy) {
    Server server = Objects.requireNonNull(pool(proxy).lane().servers(ServerState.IDLE).first());
    var session = Objects.requireNonNull(server.connection()).tls();
    return session == null ? null : session.text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "prefer"})
  void goesOnInPlainTextWhereItMay(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = proxy.start();
        Peer server = asked(proxy)) {
      server.send(new byte[] {'N'});
      serve(client, server);
      assertThat(proxy.onLoop(() -> "" + tlsOfTheServer(proxy))).isEqualTo("null");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full"})
  void refusesAServerWithoutTlsWhereItMust(String mode) throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = proxy.start();
        Peer server = asked(proxy)) {
      server.send(new byte[] {'N'});
      server.awaitEnd();
      assertThat(failure(proxy)).isEqualTo("server refused SSL");
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"S", "N"})
  void refusesBytesBehindTheAnswer(String answer) throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = proxy.start();
        Peer server = asked(proxy)) {
      server.send(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII), Wire.ready('I'));
      server.awaitEnd();
      assertThat(failure(proxy)).isEqualTo("received unencrypted data after SSL response");
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @Test
  void loadsTheLibraryOnlyWhenAServerWantsTls() throws Exception {
    try (RunningProxy proxy = new RunningProxy("server_tls_sslmode = prefer");
        Peer client = proxy.start();
        Peer server = asked(proxy)) {
      assertThat(proxy.onLoop(() -> isLoaded(proxy))).isFalse();
      server.send(new byte[] {'S'});
      serve(client, server.acceptTls(ours.context(ours.server()), ALPN));
      assertThat(proxy.onLoop(() -> isLoaded(proxy))).isTrue();
    }
  }

  private static boolean isLoaded(RunningProxy proxy) {
    return proxy.proxy().pools().tls().current().contexts().get(0).isLoaded();
  }

  @Test
  void refusesAnAnswerThatIsNone() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = proxy.start();
        Peer server = asked(proxy)) {
      server.send(new byte[] {'E'});
      server.awaitEnd();
      assertThat(failure(proxy)).isEqualTo("bad sslreq answer");
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  private static void assertRefused(String mode, X509Bundle certificate, String reason)
      throws Exception {
    try (RunningProxy proxy = proxy(mode);
        Peer client = proxy.start()) {
      assertThatThrownBy(
              () -> {
                Peer server = secured(proxy, certificate);
                server.readPacket();
              })
          .isInstanceOf(IOException.class);
      assertThat(failure(proxy)).startsWith("TLS handshake failed: ").contains(reason);
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-ca", "verify-full"})
  void refusesCertificatesFromOtherAuthoritiesAndOldOnes(String mode) throws Exception {
    assertRefused(mode, TestAuthority.create("Theirs").server(), "is not from a trusted authority");
    assertRefused(
        mode,
        ours.issue("CN=localhost", b -> TestAuthority.expired(TestAuthority.forLocalhost(b))),
        "certificate CN=localhost expired ");
  }

  @Test
  void refusesACertificateForAnotherHostOnlyWithVerifyFull() throws Exception {
    X509Bundle other = ours.issue("CN=127.0.0.1", b -> b.addSanDnsName("db.example"));
    assertRefused("verify-full", other, "certificate is for db.example and not for 127.0.0.1");
    try (RunningProxy proxy = proxy("verify-ca");
        Peer client = proxy.start();
        Peer server = secured(proxy, other)) {
      serve(client, server);
    }
  }

  @Test
  void checksNoCertificateWithRequire() throws Exception {
    X509Bundle unknown = TestAuthority.create("Theirs").issue("CN=x", TestAuthority::expired);
    try (RunningProxy proxy = proxy("require");
        Peer client = proxy.start();
        Peer server = secured(proxy, unknown)) {
      serve(client, server);
    }
  }

  @Test
  void showsItsCertificate() throws Exception {
    X509Bundle own = ours.issue("CN=pooler", b -> b);
    String files = TestAuthority.settings(own, directory, "server");
    try (RunningProxy proxy = proxy("require", files);
        Peer client = proxy.start();
        Peer server = secured(proxy, ours.server())) {
      serve(client, server);
      X509Certificate shown =
          (X509Certificate) ((SSLSocket) server.socket()).getSession().getPeerCertificates()[0];
      assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=pooler");
    }
  }

  @Test
  void beginsWithTlsWhereThatIsConfigured() throws Exception {
    try (RunningProxy proxy = proxy("verify-full", "server_tls_sslnegotiation = direct");
        Peer client = proxy.start();
        Peer server = proxy.postgres().accept().acceptTls(ours.context(ours.server()), ALPN)) {
      assertThat(((SSLSocket) server.socket()).getApplicationProtocol()).isEqualTo(ALPN);
      serve(client, server);
    }
  }

  @Test
  void wantsPostgresqlAtTheOtherEndOfDirectTls() throws Exception {
    try (RunningProxy proxy = proxy("require", "server_tls_sslnegotiation = direct");
        Peer client = proxy.start();
        Peer server = proxy.postgres().accept().acceptTls(ours.context(ours.server()))) {
      server.awaitEnd();
      assertThat(failure(proxy)).contains("PostgreSQL did not choose its ALPN protocol");
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @Test
  void encryptsCancelRequestsToo() throws Exception {
    try (RunningProxy proxy = proxy("verify-full");
        Peer client = proxy.start();
        Peer server = secured(proxy, ours.server())) {
      server.readPacket();
      server.send(FakePostgres.welcome());
      byte[] key = new byte[8];
      for (Peer.Message message : client.readTo('Z')) {
        if (message.type() == 'K') {
          key = message.text().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        }
      }
      client.send(Wire.query("select 1"));
      server.read();
      try (Peer canceller = proxy.connect()) {
        canceller.send(ByteBuffer.allocate(16).putInt(16).putInt(CANCEL_REQUEST).put(key).array());
        try (Peer carrier = secured(proxy, ours.server())) {
          ByteBuffer request = ByteBuffer.wrap(carrier.readPacket());
          assertThat(request.getInt()).isEqualTo(CANCEL_REQUEST);
          assertThat(request.getInt()).isEqualTo(1);
        }
        canceller.awaitEnd();
      }
    }
  }

  @Test
  void replacesServersWhenTheirTlsIsChanged() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = proxy.start()) {
      Peer plain = asked(proxy);
      plain.send(new byte[] {'N'});
      serve(client, plain);
      assertThat(proxy.set(Settings.SERVER_TLS_SSLMODE, "require")).isEqualTo("null");
      plain.awaitEnd();
      client.send(Wire.query("select 2"));
      Peer server = secured(proxy, ours.server());
      server.readPacket();
      server.send(FakePostgres.welcome());
      assertThat(server.read().text()).isEqualTo("select 2\0");
    }
  }
}
