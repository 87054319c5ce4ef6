package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.FrontendMessages;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireResult;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
class AdminIT {
  private static final String PAUSED = "SELECT 'after the pause'";

  private SluiceProcess sluice;
  private WireClient console;

  @BeforeEach
  void start(EmbeddedPostgres postgres) throws Exception {
    sluice =
        SluiceProcess.start(
            SluiceConfig.before(postgres)
                .database("app", "host=127.0.0.1 port=" + postgres.port() + " dbname=postgres")
                .set("pool_mode", "transaction"));
    console = sluice.console();
  }

  @AfterEach
  void stop() throws IOException {
    console.close();
    sluice.close();
  }

  private WireClient client() throws IOException {
    return sluice.login("postgres", "app");
  }

  // ---- looking

  @Test
  void showsWhoHoldsWhichServer() throws Exception {
    try (WireClient client = client()) {
      client.query("BEGIN");
      WireResult clients = console.query("SHOW CLIENTS");
      WireResult servers = console.query("SHOW SERVERS");

      assertThat(clients.value("state", "database", "app")).isEqualTo("active");
      assertThat(servers.value("state", "database", "app")).isEqualTo("active");
      assertThat(clients.value("link", "database", "app"))
          .isEqualTo(servers.value("ptr", "database", "app"));
      assertThat(servers.value("link", "database", "app"))
          .isEqualTo(clients.value("ptr", "database", "app"));
      assertThat(servers.value("remote_pid", "database", "app"))
          .isEqualTo(client.query("SELECT pg_backend_pid()").value());

      client.query("COMMIT");
      assertThat(console.query("SHOW CLIENTS").value("state", "database", "app")).isEqualTo("idle");
      assertThat(console.query("SHOW SERVERS").value("state", "database", "app")).isEqualTo("idle");
    }
  }

  @Test
  void countsWhatPoolsDo() throws Exception {
    try (WireClient client = client()) {
      client.query("BEGIN");
      client.query("SELECT pg_sleep(0.01)");
      client.query("COMMIT");
      client.query("SELECT 1");

      WireResult stats = console.query("SHOW STATS");
      assertThat(stats.value("total_xact_count", "database", "app")).isEqualTo("2");
      assertThat(stats.value("total_query_count", "database", "app")).isEqualTo("4");
      assertThat(stats.value("total_server_assignment_count", "database", "app")).isEqualTo("2");
      assertThat(stats.value("total_client_login_count", "database", "app")).isEqualTo("1");
      assertThat(Long.parseLong(String.valueOf(stats.value("total_query_time", "database", "app"))))
          .isGreaterThanOrEqualTo(10_000);
      WireResult pools = console.query("SHOW POOLS");
      assertThat(pools.value("cl_active", "database", "app")).isEqualTo("1");
      assertThat(pools.value("sv_idle", "database", "app")).isEqualTo("1");
      assertThat(pools.value("pool_mode", "database", "app")).isEqualTo("transaction");
    }
  }

  @Test
  void logsCommandsAndWhoGaveThem() throws Exception {
    console.query("RELOAD");

    sluice.log().await("C-0x[0-9a-f]+: pgbouncer/admin@127.0.0.1:\\d+ RELOAD command issued");
  }

  // ---- pausing

  @Test
  void answersPauseWhenTheLastTransactionHasEnded() throws Exception {
    try (WireClient busy = client();
        WireClient later = client()) {
      busy.query("BEGIN");
      console.send(FrontendMessages.query("PAUSE"));
      try (WireClient other = sluice.console()) {
        Eventually.holds(
            () ->
                assertThat(other.query("SHOW STATE").value("value", "key", "paused"))
                    .isEqualTo("yes"));
        later.send(FrontendMessages.query(PAUSED));
        Eventually.holds(
            () ->
                assertThat(other.query("SHOW POOLS").value("cl_waiting", "database", "app"))
                    .isEqualTo("1"));
        assertThat(busy.query("SELECT 1").number()).isEqualTo(1);

        busy.query("COMMIT");

        assertThat(console.readResult().tags()).containsExactly("PAUSE");
        assertThat(other.query("SHOW SERVERS").rows()).isEmpty();
        assertThat(other.query("RESUME").tags()).containsExactly("RESUME");
        assertThat(later.readResult().value()).isEqualTo("after the pause");
      }
    }
  }

  @Test
  void holdsEverythingStillWhileSuspended() throws Exception {
    try (WireClient client = client()) {
      client.query("SELECT 1");

      assertThat(console.query("SUSPEND").tags()).containsExactly("SUSPEND");

      client.send(FrontendMessages.query(PAUSED));
      assertThat(console.query("SHOW STATE").value("value", "key", "suspended")).isEqualTo("yes");
      assertThat(console.query("RESUME").tags()).containsExactly("RESUME");
      assertThat(client.readResult().value()).isEqualTo("after the pause");
    }
  }

  @Test
  void resumesWhenTheWaitForPauseIsCancelled() throws Exception {
    try (WireClient busy = client()) {
      busy.query("BEGIN");
      console.send(FrontendMessages.query("PAUSE app"));
      sluice.log().await("PAUSE 'app' command issued");

      console.cancel();

      assertThatThrownBy(console::readResult).hasMessageContaining("57014");
      assertThat(console.query("SHOW DATABASES").value("paused", "name", "app")).isEqualTo("0");
      busy.query("COMMIT");
      assertThat(busy.query("SELECT 1").number()).isEqualTo(1);
    }
  }

  @Test
  void suspendsUntilTheAdministratorLeaves() throws Exception {
    try (WireClient client = client()) {
      client.query("SELECT 1");
      assertThat(console.query("SUSPEND").tags()).containsExactly("SUSPEND");
      assertThat(console.query("SHOW STATE").value("value", "key", "suspended")).isEqualTo("yes");
      client.send(FrontendMessages.query("SELECT 2"));

      console.close();

      assertThat(client.readResult().number()).isEqualTo(2);
      sluice.log().await("admin disappeared when suspended, doing RESUME");
    }
  }

  @Test
  void waitsUntilReconnectedServersAreClosed() throws Exception {
    try (WireClient client = client()) {
      client.query("BEGIN");
      String before = client.query("SELECT pg_backend_pid()").value();
      assertThat(console.query("RECONNECT app").tags()).containsExactly("RECONNECT");
      assertThat(console.query("SHOW SERVERS").value("close_needed", "database", "app"))
          .isEqualTo("1");
      console.send(FrontendMessages.query("WAIT_CLOSE app"));
      sluice.log().await("WAIT_CLOSE 'app' command issued");

      client.query("COMMIT");

      assertThat(console.readResult().tags()).containsExactly("WAIT_CLOSE");
      assertThat(client.query("SELECT pg_backend_pid()").value()).isNotEqualTo(before);
    }
  }

  // ---- ending and refusing

  @Test
  void killsAClientAndItsServer(EmbeddedPostgres postgres) throws Exception {
    try (WireClient client = client()) {
      client.query("BEGIN");
      String backend = client.query("SELECT pg_backend_pid()").value();
      String id = console.query("SHOW CLIENTS").value("id", "database", "app");

      assertThat(console.query("KILL_CLIENT " + id).tags()).containsExactly("KILL_CLIENT");

      assertThat(client.expectClosed().toString()).contains("admin forced disconnect");
      assertThat(console.query("SHOW SERVERS").rows()).isEmpty();
      Eventually.holds(
          () ->
              assertThat(
                      postgres
                          .query("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend)
                          .number())
                  .isZero());
    }
  }

  @Test
  void killsAPoolAndLeavesItPaused() throws Exception {
    try (WireClient client = client()) {
      client.query("SELECT 1");

      assertThat(console.query("KILL app").tags()).containsExactly("KILL");

      assertThat(client.expectClosed().toString()).contains("database removed");
      assertThat(console.query("SHOW DATABASES").value("paused", "name", "app")).isEqualTo("1");
      assertThat(console.query("RESUME").tags()).containsExactly("RESUME");
    }
    try (WireClient client = client()) {
      assertThat(client.query("SELECT 2").number()).isEqualTo(2);
    }
  }

  @Test
  void disablesLoginsOnly() throws Exception {
    try (WireClient before = client()) {
      before.query("SELECT 1");
      console.query("DISABLE app");

      assertThatThrownBy(this::client).hasMessageContaining("database \"app\" is disabled");
      assertThat(before.query("SELECT 2").number()).isEqualTo(2);
      console.query("ENABLE app");
      client().close();
    }
  }

  @Test
  void endsWhenTheLastClientHasLeft() throws Exception {
    try (WireClient client = client()) {
      assertThat(console.query("SHUTDOWN WAIT_FOR_CLIENTS").tags()).containsExactly("SHUTDOWN");
      console.close();

      assertThatThrownBy(this::client).isInstanceOf(IOException.class);
      assertThat(client.query("SELECT 3").number()).isEqualTo(3);
    }
    assertThat(sluice.awaitExit()).isZero();
  }

  @Test
  void endsAtOnce() throws Exception {
    console.send(FrontendMessages.query("SHUTDOWN"));

    console.expectClosed();
    assertThat(sluice.awaitExit()).isZero();
  }

  // ---- settings

  @Test
  void setsASettingUntilTheNextReload() throws Exception {
    assertThat(console.query("SET query_wait_timeout = 7").tags())
        .containsExactly("SET query_wait_timeout=7");
    assertThat(console.query("SHOW CONFIG").value("value", "key", "query_wait_timeout"))
        .isEqualTo("7");

    console.query("RELOAD");

    assertThat(console.query("SHOW CONFIG").value("value", "key", "query_wait_timeout"))
        .isEqualTo("120");
  }

  @Test
  void saysWhenAReloadHasFailed(EmbeddedPostgres postgres) throws Exception {
    sluice.write(SluiceConfig.before(postgres).set("default_pool_size", "many"));

    assertThatThrownBy(() -> console.query("RELOAD"))
        .hasMessageContaining("RELOAD failed, see logs for additional details");
    assertThat(console.query("SHOW CONFIG").value("value", "key", "default_pool_size"))
        .isEqualTo("20");
  }

  // ---- drivers

  private Connection jdbc(String mode) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", SluiceConfig.ADMIN);
    properties.setProperty("preferQueryMode", mode);
    properties.setProperty("ApplicationName", "AdminIT");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + sluice.port() + "/pgbouncer", properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void servesJdbcInEveryQueryMode(String mode) throws Exception {
    try (Connection connection = jdbc(mode);
        Statement statement = connection.createStatement()) {
      assertThat(connection.isValid(5)).isTrue();
      try (ResultSet version = statement.executeQuery("SHOW VERSION")) {
        assertThat(version.next()).isTrue();
        assertThat(version.getString("version")).isEqualTo("PgBouncer 1.25.2");
      }
      assertThat(statement.execute("RELOAD")).isFalse();
      assertThatThrownBy(() -> statement.execute("RESUME"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("pooler is not paused/suspended");
      try (ResultSet after = statement.executeQuery("SHOW STATE")) {
        assertThat(after.next()).isTrue();
      }
    }
  }

  @Test
  void servesPreparedStatementsOfJdbcInTextAndBinary() throws Exception {
    try (Connection connection = jdbc("extended")) {
      try (PreparedStatement lists = connection.prepareStatement("SHOW LISTS")) {
        // From the fifth time on the driver names the statement and asks for binary numbers.
        for (int i = 0; i < 8; i++) {
          try (ResultSet rows = lists.executeQuery()) {
            int pools = -1;
            while (rows.next()) {
              pools = rows.getString("list").equals("pools") ? rows.getInt("items") : pools;
            }
            assertThat(pools).isEqualTo(1);
          }
        }
      }
      try (PreparedStatement stats = connection.prepareStatement("SHOW STATS")) {
        for (int i = 0; i < 8; i++) {
          try (ResultSet rows = stats.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBigDecimal("total_query_count").intValueExact()).isPositive();
          }
        }
      }
    }
  }

  @Test
  void letsStatisticsUsersOnlyLook() throws Exception {
    try (WireClient watcher = sluice.login(SluiceConfig.STATS, "pgbouncer")) {
      assertThat(watcher.query("SHOW POOLS").columnNames()).startsWith("database", "user");
      for (String command : List.of("RELOAD", "PAUSE", "KILL_CLIENT 1", "SHOW FDS")) {
        assertThatThrownBy(() -> watcher.query(command))
            .as(command)
            .hasMessageContaining("admin access needed");
      }
    }
    assertThatThrownBy(() -> sluice.login("postgres", "pgbouncer"))
        .hasMessageContaining("not allowed");
  }
}
