package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that have a server of their own: session_login = early, and replication connections. */
class GuestTest {
  private static final String EARLY = "pool_mode = session\nsession_login = early";

  @TempDir private Path directory;
  private SelfRunningPostgres postgres;

  @BeforeEach
  void startPostgres() throws IOException {
    postgres = SelfRunningPostgres.start();
  }

  @AfterEach
  void stopPostgres() throws IOException {
    postgres.close();
  }

  private TestProxy proxy(String settings) throws IOException {
    return TestProxy.start(
        directory, "db = host=127.0.0.1 port=%d".formatted(postgres.port()), settings);
  }

  @Test
  void tellsTheClientWhatPostgresqlTells() throws IOException {
    try (TestProxy proxy = proxy(EARLY);
        TestClient first = proxy.start("db", "alice");
        TestClient second = proxy.start("db", "alice")) {
      assertThat(first.awaitReady()).isEqualTo("RSSSSSSKZI");
      assertThat(second.awaitReady()).isEqualTo("RSSSSSSKZI");

      assertThat(postgres.pids()).containsExactlyInAnyOrder(first.processId(), second.processId());
    }
  }

  @Test
  void sendsTheStartupParametersUnread() throws IOException {
    Map<String, String> asked =
        Map.of(
            "Extra_Float_Digits", "3", "options", "-c a.b=c\\ d  -N 5 ", "application_name", "me");

    try (TestProxy proxy = proxy(EARLY);
        TestClient client = TestClient.start(proxy.port(), "db", "alice", asked)) {
      assertThat(client.awaitReady()).isEqualTo("RSSSSSSKZI");
    }

    assertThat(postgres.startup())
        .containsAllEntriesOf(asked)
        .containsEntry("user", "alice")
        .containsEntry("database", "db");
  }

  @Test
  void cancelsByTheKeyThatWasGivenAndNoOther() throws IOException {
    try (TestProxy proxy = proxy(EARLY);
        TestClient client = proxy.login("db", "alice");
        TestClient other = proxy.login("db", "alice")) {
      client.sendQuery("hold");
      await("the query runs", () -> postgres.holding() == 1);

      other.cancel();
      try (TestClient forger = TestClient.withKeyOf(proxy.port(), client.processId(), 4711)) {
        forger.cancel();
      }
      assertThat(postgres.cancels()).isZero();

      client.cancel();
      assertThat(client.awaitReady())
          .isEqualTo("E[57014 canceling statement due to user request]ZI");
    }
  }

  @Test
  void closesTheServerWithItsClient() throws IOException {
    try (TestProxy proxy = proxy(EARLY)) {
      try (TestClient client = proxy.login("db", "alice")) {
        assertThat(client.query("SELECT 1")).isEqualTo("CZI");
      }
      await("PostgreSQL has nobody", () -> postgres.sessions() == 0);
      assertThat(proxy.serverCount("db", "alice")).isZero();
    }
  }

  @Test
  void holdsThePoolSizeAndServesInOrder() throws IOException {
    try (TestProxy proxy = proxy(EARLY + "\ndefault_pool_size = 1");
        TestClient first = proxy.login("db", "alice");
        TestClient second = proxy.start("db", "alice")) {
      await("the second waits", () -> proxy.waitingGuests("db", "alice") == 1);
      try (TestClient third = proxy.start("db", "alice")) {
        await("the third waits", () -> proxy.waitingGuests("db", "alice") == 2);

        first.leave();

        assertThat(second.awaitReady()).endsWith("KZI");
        assertThat(proxy.waitingGuests("db", "alice")).isEqualTo(1);
        assertThat(proxy.serverCount("db", "alice")).isEqualTo(1);
        second.leave();
        assertThat(third.awaitReady()).endsWith("KZI");
      }
    }
  }

  @Test
  void passesTheErrorOfTheLoginOnAndNothingElse() throws IOException {
    postgres.refuse("42704:unrecognized configuration parameter");

    try (TestProxy proxy = proxy(EARLY);
        TestClient client = proxy.start("db", "alice")) {
      assertThat(client.awaitReady())
          .isEqualTo("RE[42704 unrecognized configuration parameter]<end>");
      postgres.refuse(null);
      try (TestClient next = proxy.start("db", "alice")) {
        assertThat(next.awaitReady()).endsWith("KZI");
      }
    }
  }

  @Test
  void waitsForPostgresqlToComeBack() throws IOException {
    int port = postgres.port();
    try (TestProxy proxy = proxy(EARLY + "\nserver_login_retry = 0")) {
      postgres.close();
      try (TestClient client = proxy.start("db", "alice")) {
        await("the client waits", () -> proxy.waitingGuests("db", "alice") == 1);

        postgres = SelfRunningPostgres.start(port);

        assertThat(client.awaitReady()).endsWith("KZI");
      }
    }
  }

  @Test
  void forgetsAClientThatLeavesDuringTheLogin() throws IOException {
    postgres.holdLogins(true);
    try (TestProxy proxy = proxy(EARLY)) {
      try (TestClient client = proxy.start("db", "alice")) {
        await("the server logs in", () -> proxy.servers("db", "alice", ServerState.LOGIN) == 1);
        assertThat(client).isNotNull();
      }
      await("the server is gone", () -> proxy.serverCount("db", "alice") == 0);
      postgres.holdLogins(false);
    }
  }

  @Test
  void turnsAwayWhoHasWaitedTooLong() throws IOException {
    try (TestProxy proxy = proxy(EARLY + "\ndefault_pool_size = 1\nquery_wait_timeout = 1");
        TestClient first = proxy.login("db", "alice");
        TestClient second = proxy.start("db", "alice")) {
      assertThat(second.awaitReady()).isEqualTo("RE[08P01 query_wait_timeout]<end>");
      assertThat(first.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  @Test
  void makesRoomForAReplicationConnectionInATransactionPool() throws IOException {
    try (TestProxy proxy = proxy("default_pool_size = 1");
        TestClient ordinary = proxy.login("db", "alice")) {
      assertThat(ordinary.query("SELECT 1")).isEqualTo("CZI");

      try (TestClient stream =
          TestClient.start(proxy.port(), "db", "alice", Map.of("replication", "database"))) {
        assertThat(stream.awaitReady()).isEqualTo("RSSSSSSKZI");
        assertThat(postgres.startup()).containsEntry("replication", "database");
        ordinary.sendQuery("SELECT 2");
        await("the other waits", () -> proxy.waiting("db", "alice") == 1);
        assertThat(stream.query("IDENTIFY_SYSTEM")).isEqualTo("CZI");
        assertThat(proxy.servers("db", "alice", ServerState.ACTIVE)).isEqualTo(1);
      }
      assertThat(ordinary.awaitReady()).isEqualTo("CZI");
    }
  }

  @Test
  void closesAReplicationConnectionAtReconnect() throws IOException {
    try (TestProxy proxy = proxy("");
        TestClient stream =
            TestClient.start(proxy.port(), "db", "alice", Map.of("replication", "true"))) {
      stream.awaitReady();

      proxy.run(() -> proxy.proxy().pools().all().forEach(pool -> pool.reconnect()));

      assertThat(stream.awaitReady()).isEqualTo("E[08P01 database configuration changed]<end>");
    }
  }
}
