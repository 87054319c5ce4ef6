package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins with tokens instead of passwords. */
class JwtLoginTest {
  private static final int SSL_REQUEST = 80_877_103;
  private static final String FAILED = "MJWT authentication failed";

  @TempDir static Path directory;

  private static TestAuthority ours;
  private static String tls;
  private static RSAKey key;
  private static Path keys;

  @BeforeAll
  static void makeKeys() throws Exception {
    ours = TestAuthority.create("Ours");
    tls =
        "client_tls_sslmode = allow\n"
            + TestAuthority.settings(
                ours.issue("CN=server", TestAuthority::forLocalhost), directory, "client");
    key = new RSAKeyGenerator(2048).keyID("k").generate();
    keys = Files.writeString(directory.resolve("keys.json"), new JWKSet(key).toString(true));
  }

  private static String token(String user) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(),
            new JWTClaimsSet.Builder()
                .audience("sluice")
                .claim("user", user)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private static RunningProxy proxy(Object keySet, String... more) throws IOException {
    return new RunningProxy(
        "auth_type = jwt",
        "auth_jwt_audience = sluice",
        "auth_jwt_key_set = " + keySet,
        tls,
        String.join("\n", more));
  }

  private static Peer start(RunningProxy proxy, boolean secured) throws Exception {
    Peer client = proxy.connect();
    if (secured) {
      client.send(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
      assertThat(client.readByte()).isEqualTo('S');
      client = client.secure(ours.context(null));
    }
    client.send(Wire.startup("user", "alice", "database", "db"));
    return client;
  }

  private static String answer(RunningProxy proxy, String password) throws Exception {
    try (Peer client = start(proxy, true)) {
      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
      client.send(Wire.password(password));
      return client.read().text();
    }
  }

  private static void assertLogsIn(RunningProxy proxy, String token) throws Exception {
    try (Peer client = start(proxy, true)) {
      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
      client.send(Wire.password(token));
      try (Peer server = proxy.postgres().login()) {
        assertThat(client.readTo('Z')).isNotEmpty();
        assertThat(server.socket().isClosed()).isFalse();
      }
    }
  }

  @Test
  void letsInWhoHasATokenThatNamesHim() throws Exception {
    try (RunningProxy proxy = proxy(keys)) {
      assertThat(answer(proxy, token("bob"))).contains(FAILED);
      assertThat(answer(proxy, "secret")).contains(FAILED);
      assertLogsIn(proxy, token("alice"));
    }
  }

  @Test
  void doesNotAskForATokenThatOthersCanReadAlong() throws Exception {
    try (RunningProxy proxy = proxy(keys);
        Peer client = start(proxy, false)) {
      List<Peer.Message> messages = client.readToEnd();
      assertThat(messages).hasSize(1);
      assertThat(messages.get(0).text()).contains("MSSL required for JWT authentication");
    }
    try (RunningProxy proxy = proxy(keys, "auth_jwt_without_tls = 1");
        Peer client = start(proxy, false)) {
      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
    }
  }

  @Test
  void mapsNamesOfTokensToUsers() throws Exception {
    Path ident = Files.writeString(directory.resolve("ident"), "team /^(.*)@example$ \\1\n");
    Path rules =
        Files.writeString(
            directory.resolve("hba"), "hostssl all alice all jwt map=team\nhost all all all jwt\n");
    String files = "auth_hba_file = " + rules + "\nauth_ident_file = " + ident;
    try (RunningProxy proxy = proxy(keys, files, "auth_type = hba")) {
      assertThat(answer(proxy, token("alice"))).contains(FAILED);
      assertThat(answer(proxy, token("bob@example"))).contains(FAILED);
      assertLogsIn(proxy, token("alice@example"));
    }
  }

  @Test
  void asksForKeysInTheNetworkAndNotForEveryTokenThatNamesAnother() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger asked = new AtomicInteger();
    byte[] text = Files.readAllBytes(keys);
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, text.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(text);
          }
        });
    server.createContext(
        "/elsewhere",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/keys");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    try (RunningProxy proxy = proxy(base + "/keys")) {
      assertLogsIn(proxy, token("alice"));
      String unknown = token("alice");
      String header =
          java.util.Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  "{\"alg\":\"RS256\",\"kid\":\"other\"}".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 5; i++) {
        assertThat(answer(proxy, header + unknown.substring(unknown.indexOf('.'))))
            .contains(FAILED);
      }
      assertThat(asked.get()).isEqualTo(1);
    }
    try (RunningProxy proxy = proxy(base + "/elsewhere")) {
      assertThat(answer(proxy, token("alice"))).contains(FAILED);
      assertThat(asked.get()).isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void takesKeysOnlyFromAServerWhoseCertificateIsTrusted() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(ours.serving()));
    byte[] text = Files.readAllBytes(keys);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, text.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(text);
          }
        });
    server.start();
    String place = "https://localhost:" + server.getAddress().getPort() + "/keys";
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    try {
      HttpsURLConnection.setDefaultSSLSocketFactory(ours.context(null).getSocketFactory());
      try (RunningProxy proxy = proxy(place)) {
        assertThat(answer(proxy, token("bob"))).contains(FAILED);
        assertLogsIn(proxy, token("alice"));
      }
      SSLSocketFactory others = TestAuthority.create("Others").context(null).getSocketFactory();
      HttpsURLConnection.setDefaultSSLSocketFactory(others);
      try (RunningProxy proxy = proxy(place)) {
        assertThat(answer(proxy, token("alice"))).contains(FAILED);
      }
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
      server.stop(0);
    }
  }

  @Test
  void letsNobodyInWhileThereAreNoKeys() throws Exception {
    try (RunningProxy proxy = proxy("http://127.0.0.1:1/keys")) {
      assertThat(answer(proxy, token("alice"))).contains(FAILED);
    }
  }
}
