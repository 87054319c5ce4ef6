package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.guard.Visitor;
import io.sluice.proxy.net.Afar;
import io.sluice.proxy.net.PgConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients behind a TCP proxy, and through it what addresses other than this machine's may do. */
class ProxyProtocolTest {
  private static final String TRUSTED = "proxy_protocol_networks = 127.0.0.0/8";
  private static final byte[] STARTUP = Wire.startup("user", "app", "database", "db");

  @TempDir private Path directory;

  private static byte[] header(String address) {
    return ("PROXY TCP4 " + address + " 198.51.100.1 4711 6432\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Peer from(RunningProxy proxy, String address) throws IOException {
    Peer client = proxy.connect();
    client.send(header(address), STARTUP);
    return client;
  }

  private static String end(Peer client) throws IOException {
    List<Peer.Message> all = client.readToEnd();
    return all.isEmpty() ? "" : all.get(all.size() - 1).text();
  }

  private RunningProxy withPasswords(String... more) throws IOException {
    Path list = Files.writeString(directory.resolve("list"), "\"app\" \"secret\"\n");
    String[] settings = new String[more.length + 3];
    settings[0] = TRUSTED;
    settings[1] = "auth_type = plain";
    settings[2] = "auth_file = " + list;
    System.arraycopy(more, 0, settings, 3, more.length);
    return new RunningProxy(settings);
  }

  private static String failed(RunningProxy proxy, String address) throws IOException {
    try (Peer client = from(proxy, address)) {
      Peer.Message asked = client.read();
      if (asked.type() == 'R') {
        client.send(Wire.password("wrong"));
        return end(client);
      }
      return asked.text();
    }
  }

  private static Visitor.Snapshot seen(RunningProxy proxy, String address) {
    return proxy
        .onLoop(() -> proxy.proxy().clients().visitors().snapshots(System.nanoTime()))
        .stream()
        .filter(row -> row.address().equals(address))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void takesTheClientToBeWhereTheHeaderSays() throws IOException {
    try (RunningProxy proxy = new RunningProxy(TRUSTED, "application_name_add_host = 1");
        Peer client = from(proxy, "192.0.2.7");
        Peer server = proxy.postgres().login()) {
      client.readTo('Z');

      assertThat(
              proxy.<String>onLoop(
                  () -> proxy.proxy().clients().select(each -> true).get(0).address().display()))
          .isEqualTo("192.0.2.7:4711");
      assertThat(seen(proxy, "192.0.2.7").loggedIn()).isEqualTo(1);
      assertThat(seen(proxy, "loopback").loggingIn()).isZero();
      assertThat(server.socket().isConnected()).isTrue();
    }
  }

  @Test
  void takesAHeaderByteByByte() throws IOException {
    try (RunningProxy proxy = new RunningProxy(TRUSTED);
        Peer client = proxy.connect()) {
      for (byte each : Wire.join(header("192.0.2.7"), STARTUP)) {
        client.send(new byte[] {each});
      }
      try (Peer server = proxy.postgres().login()) {
        client.readTo('Z');
        assertThat(server.socket().isConnected()).isTrue();
      }
    }
  }

  @Test
  void demandsAHeaderOfATrustedProxy() throws IOException {
    try (RunningProxy proxy = new RunningProxy(TRUSTED);
        Peer client = proxy.connect()) {
      client.send(STARTUP);
      assertThat(end(client)).contains("a PROXY header was expected");
    }
  }

  @Test
  void takesNoHeaderOfAnybodyElse() throws IOException {
    try (RunningProxy proxy = new RunningProxy("proxy_protocol_networks = 10.0.0.0/8");
        Peer client = from(proxy, "192.0.2.7")) {
      assertThat(end(client)).contains("bad packet header");
    }
  }

  @Test
  void takesOneHeaderOnly() throws IOException {
    try (RunningProxy proxy = new RunningProxy(TRUSTED);
        Peer client = proxy.connect()) {
      client.send(header("192.0.2.7"), header("127.0.0.1"), STARTUP);
      assertThat(end(client)).contains("bad packet header");
    }
  }

  @Test
  void delaysAndThenRefusesAnAddressThatFails() throws IOException {
    try (RunningProxy proxy =
        withPasswords("max_address_failed_logins = 12", "login_failure_delay = 0.01")) {
      for (int i = 0; i < 12; i++) {
        assertThat(failed(proxy, "192.0.2.7")).contains("password authentication failed");
      }
      failed(proxy, "192.0.2.7");
      assertThat(failed(proxy, "192.0.2.7")).contains("too many failed logins from this address");

      assertThat(seen(proxy, "192.0.2.7").state()).isEqualTo("refused");
      assertThat(seen(proxy, "192.0.2.7").delayedTotal()).isGreaterThanOrEqualTo(2);
      assertThat(failed(proxy, "192.0.2.8")).contains("password authentication failed");
    }
  }

  @Test
  void refusesNobodyWhereSomebodyIsLoggedIn() throws IOException {
    try (RunningProxy proxy =
            withPasswords("max_address_failed_logins = 3", "login_failure_delay = 0");
        Peer good = from(proxy, "192.0.2.7")) {
      good.read();
      good.send(Wire.password("secret"));
      try (Peer server = proxy.postgres().login()) {
        good.readTo('Z');
        for (int i = 0; i < 20; i++) {
          assertThat(failed(proxy, "192.0.2.7")).contains("password authentication failed");
        }
        assertThat(server.socket().isConnected()).isTrue();
      }
    }
  }

  @Test
  void boundsConnectionsOfAnAddressThatAreOnTheirWayIn() throws IOException {
    try (RunningProxy proxy = withPasswords("max_address_login_connections = 2");
        Peer first = from(proxy, "192.0.2.7");
        Peer second = from(proxy, "192.0.2.7")) {
      first.read();
      second.read();
      try (Peer third = from(proxy, "192.0.2.7");
          Peer other = from(proxy, "192.0.2.8")) {
        assertThat(end(third)).contains("C53300").contains("max_address_login_connections");
        assertThat(other.read().type()).isEqualTo('R');
      }
    }
  }

  /** Questions that were asked while everything was well are no licence to guess. */
  @Test
  void looksAtNoMorePasswordsOfAnAddressThatHasFailedTooOften() throws IOException {
    try (RunningProxy proxy =
        withPasswords("max_address_failed_logins = 3", "login_failure_delay = 0")) {
      List<Peer> asked = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Peer client = from(proxy, "192.0.2.7");
        client.read();
        asked.add(client);
      }
      int refused = 0;
      for (Peer client : asked) {
        client.send(Wire.password("wrong"));
        refused += end(client).contains("max_address_failed_logins") ? 1 : 0;
        client.close();
      }
      assertThat(refused).isGreaterThanOrEqualTo(6);
    }
  }

  /** The proxy runs as our own user perhaps; those behind it do not. */
  @Test
  void takesNobodyBehindAProxyOnAUnixSocketForTheOwnerOfTheConsole() throws IOException {
    try (RunningProxy proxy =
        withPasswords(
            "proxy_protocol_networks = unix",
            "listen_port = 6432",
            "listen_addr =",
            "unix_socket_dir = " + directory)) {
      proxy.openConsole();
      UnixDomainSocketAddress place =
          UnixDomainSocketAddress.of(directory.resolve(".s.PGSQL.6432"));
      try (SocketChannel client = SocketChannel.open(place)) {
        byte[] start = Wire.startup("user", "pgbouncer", "database", "pgbouncer");
        byte[] header = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        client.write(ByteBuffer.wrap(Wire.join(header, start)));
        ByteBuffer question = ByteBuffer.allocate(9);
        int length = client.read(question);
        // A question for a password; four zero bytes would say that none is needed.
        assertThat(length).isEqualTo(9);
        assertThat(question.getInt(5)).isEqualTo(3);
      }
    }
  }

  @Test
  void boundsLoginsOfAnAddressInASecond() throws IOException {
    try (RunningProxy proxy = withPasswords("max_address_logins_per_second = 1")) {
      int refused = 0;
      for (int i = 0; i < 20; i++) {
        refused += failed(proxy, "192.0.2.7").contains("max_address_logins_per_second") ? 1 : 0;
      }
      assertThat(refused).isPositive();
    }
  }

  @Test
  void refusesAListThatIsNoListOfNetworks() {
    for (String wrong : List.of("10.0.0.0/33", "example.com", "10.0.0/8", "::/129")) {
      try (RunningProxy proxy = new RunningProxy("proxy_protocol_networks = " + wrong)) {
        throw new AssertionError(wrong + proxy.proxy().port());
      } catch (IOException refused) {
        assertThat(refused).hasMessageContaining("proxy_protocol_networks");
      }
    }
  }

  @Test
  void leavesThePairOfADirectClientAlone() throws IOException {
    try (RunningProxy proxy = new RunningProxy("proxy_protocol_networks = 10.0.0.0/8, ::1, unix")) {
      Pair pair = proxy.loginFirst();
      pair.client().close();
      pair.server().close();
    }
  }

  /** So many of ten that come at once from an address, and have said nothing yet, are let stay. */
  private static int staying(RunningProxy proxy, String address) {
    return proxy.onLoop(
        () -> {
          Front front = proxy.proxy().workers().first().front();
          for (int i = 0; i < 10; i++) {
            PgConnection connection =
                Afar.connection(front.loop(), new InetSocketAddress(address, 4711 + i));
            front.accepted(connection);
            connection.start();
          }
          return proxy.proxy().clients().count();
        });
  }

  /** Where they come from is not known before the header. */
  @Test
  void doesNotHoldTheConnectionsOfAProxyAgainstIt() throws IOException {
    String limit = "max_address_login_connections = 2";
    try (RunningProxy proxy = new RunningProxy("proxy_protocol_networks = 192.0.2.0/24", limit)) {
      assertThat(staying(proxy, "192.0.2.7")).isEqualTo(10);
    }
    try (RunningProxy proxy = new RunningProxy(limit)) {
      assertThat(staying(proxy, "192.0.2.7")).isEqualTo(2);
    }
  }
}
