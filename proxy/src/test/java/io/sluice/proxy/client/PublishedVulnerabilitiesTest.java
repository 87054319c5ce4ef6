package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes of PgBouncer's published vulnerabilities, before a running pooler. */
class PublishedVulnerabilitiesTest {
  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static String error(Peer client) throws IOException {
    List<Peer.Message> all = client.readToEnd();
    return all.isEmpty() ? "" : all.get(all.size() - 1).text();
  }

  private static void serves(RunningProxy proxy, Peer server) throws IOException {
    try (Peer client = proxy.login()) {
      client.send(Wire.query("select 1"));
      server.readTo('Q');
      server.send(Wire.complete("SELECT 1"), Wire.ready('I'));
      assertThat(client.typesTo('Z')).isEqualTo("CZ");
    }
  }

  /** Nothing that a client asks for in its StartupMessage reaches the server of auth_query. */
  @ParameterizedTest
  @ValueSource(strings = {"search_path", "TimeZone", "DateStyle", "client_encoding", "options"})
  void cve202512819StartupParametersBeforeAuthQuery(String name) throws IOException {
    String evil = name.equals("options") ? "-c search_path=evil" : "evil";
    try (RunningProxy proxy =
            new RunningProxy(
                "auth_type = plain",
                "auth_user = asker",
                "auth_query = SELECT n, s FROM users WHERE n = $1",
                "track_extra_parameters = search_path",
                "ignore_startup_parameters = options, search_path");
        Peer client = proxy.connect()) {
      client.send(Wire.startup("user", "stranger", "database", "own", name, evil));
      try (Peer server = proxy.postgres().accept()) {
        byte[] login = server.readPacket();
        server.send(FakePostgres.welcome());

        assertThat(new String(login, StandardCharsets.UTF_8)).doesNotContain("evil");
        List<Peer.Message> asked = server.readTo('S');
        assertThat(Peer.types(asked)).isEqualTo("PBDES");
        assertThat(asked.toString()).doesNotContain("evil");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 7, 65_536})
  void cve20266664LengthOverflowBeforeTheLogin(int length) throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      try (Peer stranger = proxy.connect()) {
        stranger.send(int32(length), int32(196_608));
        assertThat(error(stranger)).contains("C08P01").contains("bad packet header");
      }
      serves(proxy, pair.server());
      pair.client().close();
      pair.server().close();
    }
  }

  /** A claim of two gigabytes neither reserves memory nor keeps the loop from others. */
  @Test
  void cve20266668EndlessPacketOfAClient() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      try (Peer stranger = proxy.login()) {
        stranger.send(Wire.header('X', Integer.MAX_VALUE - 1), new byte[100_000]);
        serves(proxy, pair.server());
      }
      pair.client().close();
      pair.server().close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SFATAL\0Mno state\0", "C\0", "Mcut"})
  void cve20266666LoginErrorOfAServerWithoutSqlState(String fields) throws IOException {
    try (RunningProxy proxy = new RunningProxy("server_login_retry = 0");
        Peer client = proxy.start()) {
      try (Peer server = proxy.postgres().accept()) {
        server.readPacket();
        server.send(Wire.message('E', fields.getBytes(StandardCharsets.UTF_8), new byte[1]));
      }
      assertThat(error(client)).contains("SFATAL");
      servesNext(proxy);
    }
  }

  private static void servesNext(RunningProxy proxy) throws IOException {
    Pair next = proxy.loginFirst();
    serves(proxy, next.server());
    next.client().close();
    next.server().close();
  }

  /** A server that asks for SCRAM with more iterations than anybody has computes for nobody. */
  @Test
  void cve20266669ScramIterationsOfAServer() throws IOException {
    try (RunningProxy proxy = new RunningProxy("server_login_retry = 0", "auth_type = any");
        Peer client = proxy.start()) {
      try (Peer server = proxy.postgres().accept()) {
        server.readPacket();
        server.send(Wire.message('R', int32(10), Wire.cstr("SCRAM-SHA-256"), new byte[1]));
        server.send(
            Wire.message(
                'R', int32(11), "r=x,s=QUJDRA==,i=2147483647".getBytes(StandardCharsets.UTF_8)));
        server.awaitEnd();
      }
      assertThat(error(client)).contains("SFATAL");
      servesNext(proxy);
    }
  }
}
