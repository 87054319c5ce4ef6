package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every limit at its exact number, counted by PostgreSQL. */
@ExtendWith(PostgresExtension.class)
class LimitsIT {
  private static final String PID = "SELECT pg_backend_pid()";

  private final List<WireClient> clients = new ArrayList<>();
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  @AfterEach
  void closeClients() throws Exception {
    for (WireClient client : clients) {
      client.close();
    }
  }

  @Test
  void opensNoMoreServersThanPoolSize() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("default_pool_size", 3));
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      begin(sluice, "postgres", 8);

      pools.await("sv_active", 3);
      pools.await("cl_waiting", 5);

      assertThat(database.connections()).isEqualTo(3);
      assertThat(pools.sum("cl_active")).isEqualTo(3);
    }
  }

  @Test
  void opensReserveServersOnlyForThoseWhoHaveWaited() throws Exception {
    SluiceConfig config =
        config()
            .set("default_pool_size", 5)
            .set("reserve_pool_size", 3)
            .set("reserve_pool_timeout", 1);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      begin(sluice, "postgres", 10);

      pools.await("sv_active", 8);
      pools.await("cl_waiting", 2);

      assertThat(database.connections()).isEqualTo(8);
      assertThat(sluice.log().matching("taking connection from reserve_pool")).hasSize(3);
    }
  }

  @Test
  void keepsTheMinimumOfServersWhileAClientIsThere() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("min_pool_size", 4))) {
      login(sluice, "postgres");

      database.awaitConnections(4);
    }
  }

  @Test
  void refusesClientsAboveMaxClientConn() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("max_client_conn", 3))) {
      WireClient first = login(sluice, "postgres");
      login(sluice, "postgres");
      login(sluice, "postgres");

      assertThatThrownBy(() -> sluice.login("postgres", database.name()))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: no more connections allowed (max_client_conn) (08P01)");

      first.close();
      awaitLogin(sluice, "postgres");
    }
  }

  @Test
  void refusesClientsAboveMaxDbClientConnections() throws Exception {
    SluiceConfig config =
        config().database(database.name(), address() + " max_db_client_connections=2");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient first = login(sluice, "postgres");
      login(sluice, "postgres");

      assertThatThrownBy(() -> sluice.login("postgres", database.name()))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: client connections exceeded (max_db_client_connections) (08P01)");

      sluice.login("postgres", "postgres").close();
      first.close();
      awaitLogin(sluice, "postgres");
    }
  }

  @Test
  void refusesClientsAboveMaxUserClientConnections() throws Exception {
    SluiceConfig config = config().user("postgres", "max_user_client_connections=2");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient first = login(sluice, "postgres");
      clients.add(sluice.login("postgres", "postgres"));

      assertThatThrownBy(() -> sluice.login("postgres", database.name()))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: client connections exceeded (max_user_client_connections) (08P01)");

      first.close();
      awaitLogin(sluice, "postgres");
    }
  }

  @Test
  void evictsTheServerThatIsIdleLongestWhenTheDatabaseIsFull() throws Exception {
    postgres.createRole("limits_evicting");
    SluiceConfig config = config().set("max_db_connections", 2).password("limits_evicting", "");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient first = login(sluice, "postgres");
      WireClient second = login(sluice, "postgres");
      first.query("BEGIN");
      second.query("BEGIN");
      long firstPid = first.query(PID).number();
      long secondPid = second.query(PID).number();
      first.query("COMMIT");
      second.query("COMMIT");

      long newPid = login(sluice, "limits_evicting").query(PID).number();

      database.awaitConnections(2);
      assertThat(database.connections("pid IN (" + secondPid + ", " + newPid + ")")).isEqualTo(2);
      assertThat(database.connections("pid = " + firstPid)).isZero();
      sluice.log().await("closing because: evicted");
    }
  }

  @Test
  void waitsWhenAllServersOfTheDatabaseAreBusy() throws Exception {
    postgres.createRole("limits_waiting");
    SluiceConfig config = config().set("max_db_connections", 2).password("limits_waiting", "");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      // Both users' pools know their welcome before the database is full.
      WireClient other = login(sluice, "limits_waiting");
      WireClient first = login(sluice, "postgres");
      WireClient second = login(sluice, "postgres");
      first.query("BEGIN");
      second.query("BEGIN");
      other.send(query("SELECT current_user"));
      pools.await("cl_waiting", 1);
      assertThat(database.connections()).isEqualTo(2);

      first.query("COMMIT");

      assertThat(other.readResult().value()).isEqualTo("limits_waiting");
      assertThat(database.connections()).isLessThanOrEqualTo(2);
      second.query("COMMIT");
    }
  }

  @Test
  void countsTheServersOfAUserOverAllDatabases() throws Exception {
    postgres.createRole("limits_user");
    TestDatabase elsewhere = TestDatabase.create(postgres);
    SluiceConfig config =
        config().password("limits_user", "").user("limits_user", "max_user_connections=2");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient first = login(sluice, "limits_user");
      WireClient third = login(sluice, "limits_user");
      WireClient second = sluice.login("limits_user", elsewhere.name());
      clients.add(second);
      first.query("BEGIN");
      second.query("BEGIN");
      third.send(query("SELECT 7"));
      pools.await("cl_waiting", 1);
      assertThat(database.connections() + elsewhere.connections()).isEqualTo(2);

      second.query("COMMIT");

      assertThat(third.readResult().number()).isEqualTo(7);
      assertThat(database.connections() + elsewhere.connections()).isLessThanOrEqualTo(2);
      first.query("COMMIT");
    }
  }

  private SluiceConfig config() {
    return SluiceConfig.before(postgres).set("pool_mode", "transaction");
  }

  private String address() {
    return "host=127.0.0.1 port=" + postgres.port() + " dbname=" + database.name();
  }

  private void begin(SluiceProcess sluice, String user, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      login(sluice, user).send(query("BEGIN"));
    }
  }

  private void awaitLogin(SluiceProcess sluice, String user) throws Exception {
    Eventually.await(
        "a place is free",
        () -> {
          try {
            login(sluice, user);
            return true;
          } catch (WireError e) {
            return false;
          }
        });
  }

  private WireClient login(SluiceProcess sluice, String user) throws IOException {
    WireClient client = sluice.login(user, database.name());
    clients.add(client);
    return client;
  }
}
