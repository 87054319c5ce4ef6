package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.flush;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client gets a server and when it gives it back, over a pool of one. */
@ExtendWith(PostgresExtension.class)
class PoolModesIT {
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
  void sessionModeKeepsTheServerUntilTheClientLeaves() throws Exception {
    try (SluiceProcess sluice = start("session");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);
      long pid = first.query(PID).number();
      second.send(query(PID));
      pools.await("cl_waiting", 1);
      assertThat(first.query(PID).number()).isEqualTo(pid);
      assertThat(pools.sum("cl_waiting")).isEqualTo(1);

      first.close();

      assertThat(second.readResult().number()).isEqualTo(pid);
    }
  }

  @Test
  void loginAloneTakesNoServerInSessionMode() throws Exception {
    try (SluiceProcess sluice = start("session");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      login(sluice);
      login(sluice);

      assertThat(login(sluice).query("SELECT 1").number()).isEqualTo(1);
      assertThat(pools.sum("cl_active")).isEqualTo(3);
    }
  }

  @Test
  void transactionModeKeepsTheServerUntilTheTransactionEnds() throws Exception {
    try (SluiceProcess sluice = start("transaction");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);
      first.query("BEGIN");
      second.send(query(PID));
      pools.await("cl_waiting", 1);
      long pid = first.query(PID).number();
      assertThat(pools.sum("cl_waiting")).isEqualTo(1);

      first.query("COMMIT");

      assertThat(second.readResult().number()).isEqualTo(pid);
    }
  }

  @Test
  void transactionModeKeepsTheServerInAFailedTransaction() throws Exception {
    try (SluiceProcess sluice = start("transaction");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);
      first.query("BEGIN");
      assertThatThrownBy(() -> first.query("SELECT 1/0")).isInstanceOf(WireError.class);
      second.send(query("SELECT 7"));
      pools.await("cl_waiting", 1);

      first.query("ROLLBACK");

      assertThat(second.readResult().number()).isEqualTo(7);
    }
  }

  @Test
  void transactionModeKeepsTheServerWhileRequestsAreOutstanding() throws Exception {
    try (SluiceProcess sluice = start("transaction");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);
      first.send(parse("", "SELECT 1"), bind("", ""), execute("", 0), flush());
      first.readUntil('C');
      second.send(query("SELECT 7"));
      pools.await("cl_waiting", 1);

      first.send(sync());

      first.readUntil('Z');
      assertThat(second.readResult().number()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "statement"})
  void givesTheServerBackAfterEveryStatement(String mode) throws Exception {
    try (SluiceProcess sluice = start(mode)) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);

      long pid = first.query(PID).number();
      for (int i = 0; i < 10; i++) {
        assertThat(second.query(PID).number()).isEqualTo(pid);
        assertThat(first.query(PID).number()).isEqualTo(pid);
      }

      assertThat(database.connections()).isEqualTo(1);
    }
  }

  @Test
  void servesWaitersInTheOrderOfTheirArrival() throws Exception {
    postgres.query(database.name(), "CREATE SEQUENCE turn");
    try (SluiceProcess sluice = start("transaction");
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      WireClient holder = login(sluice);
      holder.query("BEGIN");
      List<WireClient> waiters = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        WireClient waiter = login(sluice);
        waiter.send(query("SELECT nextval('turn')"));
        waiters.add(waiter);
        pools.await("cl_waiting", i);
      }

      holder.query("COMMIT");

      for (int i = 1; i <= 8; i++) {
        assertThat(waiters.get(i - 1).readResult().number()).isEqualTo(i);
      }
    }
  }

  @Test
  void sessionModeKeepsTemporaryTablesForOneClientOnly() throws Exception {
    try (SluiceProcess sluice = start("session")) {
      WireClient first = login(sluice);
      first.query("CREATE TEMP TABLE mine AS SELECT 5 AS n");
      assertThat(first.query("SELECT n FROM mine").number()).isEqualTo(5);
      long pid = first.query(PID).number();

      first.close();

      WireClient second = login(sluice);
      assertThat(second.query(PID).number()).isEqualTo(pid);
      assertThatThrownBy(() -> second.query("SELECT n FROM mine")).hasMessageContaining("(42P01)");
    }
  }

  @Test
  void transactionModeTakesAwayWhatAStatementLeavesBehind() throws Exception {
    try (SluiceProcess sluice = start("transaction")) {
      WireClient first = login(sluice);
      WireClient second = login(sluice);

      first.query("CREATE TEMP TABLE left_behind AS SELECT 5 AS n");

      assertThatThrownBy(() -> second.query("SELECT n FROM left_behind"))
          .hasMessageContaining("does not exist");
    }
  }

  @Test
  void sessionModeResetsTheServerAfterTheClient() throws Exception {
    try (SluiceProcess sluice = start("session")) {
      WireClient first = login(sluice);
      first.query("SET work_mem = '7MB'");
      long pid = first.query(PID).number();

      first.close();

      WireClient second = login(sluice);
      assertThat(second.query(PID).number()).isEqualTo(pid);
      assertThat(second.query("SHOW work_mem").value()).isNotEqualTo("7MB");
    }
  }

  @Test
  void resetsAfterEveryTransactionWhenToldTo() throws Exception {
    SluiceConfig config = config("transaction").set("server_reset_query_always", 1);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient client = login(sluice);
      long pid = client.query(PID).number();

      client.query("SET work_mem = '7MB'");

      assertThat(client.query("SHOW work_mem").value()).isNotEqualTo("7MB");
      assertThat(client.query(PID).number()).isEqualTo(pid);
    }
  }

  @Test
  void keepsTheServerOfAClientThatLeavesInATransaction() throws Exception {
    try (SluiceProcess sluice = start("session")) {
      WireClient first = login(sluice);
      first.query("BEGIN");
      long pid = first.query(PID).number();

      first.close();

      assertThat(login(sluice).query(PID).number()).isEqualTo(pid);
    }
  }

  @Test
  void statementModeRefusesTransactions() throws Exception {
    try (SluiceProcess sluice = start("statement")) {
      WireClient client = login(sluice);
      long pid = client.query(PID).number();

      assertThatThrownBy(
              () -> {
                client.query("BEGIN");
                client.query("SELECT 1");
              })
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: transaction blocks not allowed in statement pooling mode (08P01)");

      client.expectClosed();
      assertThat(login(sluice).query(PID).number()).isNotEqualTo(pid);
    }
  }

  @Test
  void takesTheModeOfTheUserBeforeThatOfTheDatabase() throws Exception {
    SluiceConfig config =
        config("statement")
            .database("named", address() + " pool_mode=transaction")
            .user("postgres", "pool_mode=session");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, "named")) {
      WireClient first = sluice.login("postgres", "named");
      WireClient second = sluice.login("postgres", "named");
      clients.add(second);
      first.query("SELECT 1");

      second.send(query("SELECT 7"));

      pools.await("cl_waiting", 1);
      first.close();
      assertThat(second.readResult().number()).isEqualTo(7);
    }
  }

  private SluiceProcess start(String mode) throws Exception {
    return SluiceProcess.start(config(mode));
  }

  private SluiceConfig config(String mode) {
    return SluiceConfig.before(postgres).set("pool_mode", mode).set("default_pool_size", 1);
  }

  private String address() {
    return "host=127.0.0.1 port=" + postgres.port() + " dbname=" + database.name();
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    WireClient client = sluice.login("postgres", database.name());
    clients.add(client);
    return client;
  }
}
