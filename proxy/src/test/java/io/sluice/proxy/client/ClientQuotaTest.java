package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is counted for a user and for a database. */
class ClientQuotaTest {
  @TempDir Path directory;

  private Path users;

  @BeforeEach
  void listUsers() throws IOException {
    users = Files.writeString(directory.resolve("users"), "\"app\" \"secret\"\n");
  }

  private RunningProxy proxy(String limit) throws IOException {
    return new RunningProxy("auth_type = plain", "auth_file = " + users, limit + " = 1");
  }

  /** A client that is asked for its password. */
  private static Peer asked(RunningProxy proxy) throws IOException {
    Peer client = proxy.start();
    assertThat(client.read().text()).isEqualTo("\0\0\0\3");
    return client;
  }

  private static void assertLogsIn(RunningProxy proxy, Peer client) throws IOException {
    client.send(Wire.password("secret"));
    try (Peer server = proxy.postgres().accept()) {
      server.readPacket();
      server.send(FakePostgres.welcome());
      assertThat(client.typesTo('Z')).startsWith("R");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_user_client_connections", "max_db_client_connections"})
  void strangersWhoNameAUserDoNotKeepItOut(String limit) throws IOException {
    try (RunningProxy proxy = proxy(limit);
        Peer one = asked(proxy);
        Peer two = asked(proxy);
        Peer honest = asked(proxy)) {
      assertLogsIn(proxy, honest);
      assertThat(List.of(one, two)).noneMatch(stranger -> stranger.socket().isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_user_client_connections", "max_db_client_connections"})
  void countsThoseWhoLogInAtTheSameTime(String limit) throws IOException {
    try (RunningProxy proxy = proxy(limit);
        Peer first = asked(proxy);
        Peer second = asked(proxy)) {
      assertLogsIn(proxy, first);
      second.send(Wire.password("secret"));
      List<Peer.Message> end = second.readToEnd();
      assertThat(end.get(end.size() - 1).text()).contains(limit);
    }
  }

  @Test
  void givesThePlaceBackOnce() throws IOException {
    try (RunningProxy proxy = proxy("max_user_client_connections")) {
      try (Peer first = asked(proxy)) {
        assertLogsIn(proxy, first);
      }
      for (int i = 0; i < 3; i++) {
        try (Peer wrong = asked(proxy)) {
          wrong.send(Wire.password("wrong"));
          assertThat(wrong.readToEnd()).isNotEmpty();
        }
      }
      var user = proxy.onLoop(() -> proxy.proxy().pools().catalog().findUser("app"));
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (user != null && proxy.onLoop(() -> user.clients().used()) != 0) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }
}
