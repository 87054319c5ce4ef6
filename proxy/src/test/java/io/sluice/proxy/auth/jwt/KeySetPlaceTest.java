package io.sluice.proxy.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.proxy.fake.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Key sets behind https, with the authorities that the JVM trusts. */
@Isolated("the JVM's authorities are those of all")
class KeySetPlaceTest {
  private static final String KEYS = "{\"keys\":[]}";

  private final SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
  private TestAuthority authority;

  @BeforeEach
  void makeAuthority() throws Exception {
    authority = TestAuthority.create("Keys");
  }

  @AfterEach
  void trustOthersAgain() {
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
  }

  private static void trust(TestAuthority trusted) throws Exception {
    HttpsURLConnection.setDefaultSSLSocketFactory(trusted.context(null).getSocketFactory());
  }

  private HttpsServer serve(int status) throws Exception {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpsServer server = HttpsServer.create(anywhere, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.serving()));
    server.createContext(
        "/keys",
        exchange -> {
          byte[] body = KEYS.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String read(HttpsServer server, String host) throws IOException {
    int port = server.getAddress().getPort();
    return new KeySetPlace.Url(URI.create("https://" + host + ":" + port + "/keys")).read();
  }

  @Test
  void readsFromAServerWhoseAuthorityIsTrusted() throws Exception {
    trust(authority);
    HttpsServer server = serve(200);
    try {
      assertThat(read(server, "localhost")).isEqualTo(KEYS);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesAServerOfAnotherAuthority() throws Exception {
    trust(TestAuthority.create("Others"));
    HttpsServer server = serve(200);
    try {
      assertThatThrownBy(() -> read(server, "localhost"))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("certification path");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void followsNoRedirection() throws Exception {
    trust(authority);
    HttpsServer server = serve(302);
    try {
      assertThatThrownBy(() -> read(server, "localhost")).hasMessage("the answer has status 302");
    } finally {
      server.stop(0);
    }
  }
}
