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
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every time-out at a second: what the client is told, and what becomes of the server. */
@ExtendWith(PostgresExtension.class)
class TimeoutsIT {
  private static final String PID = "SELECT pg_backend_pid()";

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  @Test
  void queryWaitTimeoutEndsWhoWaitsForAServer() throws Exception {
    SluiceConfig config = config().set("query_wait_timeout", 1).set("default_pool_size", 1);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient holder = login(sluice);
        WireClient waiter = login(sluice)) {
      holder.query("BEGIN");

      assertFatal(waiter, "SELECT 1", "query_wait_timeout");

      assertThat(holder.query("SELECT 7").number()).isEqualTo(7);
      holder.query("COMMIT");
    }
  }

  @Test
  void queryWaitNotifyTellsWhoWaitsForAServer() throws Exception {
    SluiceConfig config = config().set("query_wait_notify", 1).set("default_pool_size", 1);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient holder = login(sluice);
        WireClient waiter = login(sluice)) {
      holder.query("BEGIN");
      waiter.send(query("SELECT 7"));

      WireMessage notice = waiter.readMessage();

      assertThat(notice.type()).isEqualTo('N');
      assertThat(notice.fields())
          .containsEntry('S', "NOTICE")
          .containsEntry('C', "00000")
          .containsEntry(
              'M', "No server connection available in postgres backend, client being queued");
      holder.query("COMMIT");
      assertThat(waiter.readResult().number()).isEqualTo(7);
      assertThat(waiter.notices()).hasSize(1);
    }
  }

  @Test
  void queryTimeoutEndsClientAndServer() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("query_timeout", 1));
        WireClient client = login(sluice)) {
      assertFatal(client, "SELECT pg_sleep(600)", "query timeout");

      sluice.log().await("S-.*closing because: query timeout");
    }
  }

  @Test
  void idleTransactionTimeoutEndsClientAndServer() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("idle_transaction_timeout", 1));
        WireClient client = login(sluice);
        WireClient idle = login(sluice)) {
      client.query("BEGIN");

      assertThat(fatal(client)).isEqualTo("idle transaction timeout");

      database.awaitConnections(0);
      assertThat(idle.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void transactionTimeoutEndsClientAndServer() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("transaction_timeout", 1));
        WireClient client = login(sluice)) {
      client.query("BEGIN");

      assertFatal(client, "SELECT pg_sleep(600)", "transaction timeout");

      sluice.log().await("S-.*closing because: transaction timeout");
    }
  }

  /** The server has the statement already: PostgreSQL is asked nothing, and the server is held. */
  @Test
  void transactionTimeoutEndsAParseWithoutSync() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("transaction_timeout", 1));
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      first.send(parse("s", "SELECT 7"), sync());
      first.readResult();

      second.send(parse("s", "SELECT 7"));
      assertThat(second.readMessage().type()).isEqualTo('1');

      assertThat(fatal(second)).isEqualTo("transaction timeout");
    }
  }

  @Test
  void anAnswerWithoutSyncIsNoIdleTransaction() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("idle_transaction_timeout", 1));
        WireClient client = login(sluice)) {
      client.query("BEGIN");
      client.send(parse("", "SELECT pg_sleep(1.5)"), bind("", ""), execute("", 0), flush());
      client.readUntil('C');

      client.send(sync());

      assertThat(client.readUntil('Z')).hasSize(1);
    }
  }

  @Test
  void clientIdleTimeoutEndsWhoIsSilentOutsideOfTransactions() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("client_idle_timeout", 1));
        WireClient busy = login(sluice)) {
      busy.query("BEGIN");
      try (WireClient idle = login(sluice)) {
        idle.query("SELECT 1");

        assertThat(fatal(idle)).isEqualTo("client_idle_timeout");
      }
      assertThat(busy.query("SELECT 7").number()).isEqualTo(7);
      busy.query("COMMIT");
    }
  }

  @Test
  void clientLoginTimeoutEndsWhoSaysNothing() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("client_login_timeout", 1));
        WireClient silent = WireClient.connect(sluice.tcp());
        WireClient slow = WireClient.connect(sluice.tcp())) {
      slow.send(new byte[] {0});

      assertThat(fatal(silent)).isEqualTo("client_login_timeout");
      assertThat(fatal(slow)).isEqualTo("client_login_timeout");
    }
  }

  @Test
  void clientLoginTimeoutEndsWhoWaitsForPostgresThatIsDown() throws Exception {
    SluiceConfig config =
        SluiceConfig.empty()
            .set("client_login_timeout", 1)
            .database("down", "host=127.0.0.1 port=" + FreePort.find());
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThatThrownBy(
              () -> WireClient.login(sluice.tcp(), WireLogin.of("postgres", "down")).close())
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: client_login_timeout (server down) (08P01)");
    }
  }

  @Test
  void serverIdleTimeoutClosesServersThatNobodyUses() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("server_idle_timeout", 1));
        WireClient client = login(sluice)) {
      client.query("SELECT 1");

      sluice.log().await("S-.*closing because: server idle timeout");

      database.awaitConnections(0);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void serverLifetimeClosesServersThatAreFree() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("server_lifetime", 1));
        WireClient client = login(sluice)) {
      client.query("BEGIN");
      long pid = client.query(PID).number();
      client.query("SELECT pg_sleep(1.5)");
      assertThat(client.query(PID).number()).isEqualTo(pid);

      client.query("COMMIT");

      sluice.log().await("S-.*closing because: server lifetime over");
      assertThat(client.query(PID).number()).isNotEqualTo(pid);
    }
  }

  @Test
  void aUserMayHaveATimeoutOfItsOwn() throws Exception {
    postgres.createRole("timeouts_strict");
    SluiceConfig config =
        config().password("timeouts_strict", "").user("timeouts_strict", "query_timeout=1");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient lenient = login(sluice);
        WireClient strict = sluice.login("timeouts_strict", database.name())) {
      lenient.send(query("SELECT pg_sleep(3), 7"));

      assertFatal(strict, "SELECT pg_sleep(600)", "query timeout");

      assertThat(lenient.readResult().column("?column?")).containsExactly("7");
    }
  }

  private SluiceConfig config() {
    return SluiceConfig.before(postgres).set("pool_mode", "transaction");
  }

  private WireClient login(SluiceProcess sluice) throws Exception {
    return sluice.login("postgres", database.name());
  }

  private static void assertFatal(WireClient client, String sql, String text) {
    assertThatThrownBy(() -> client.query(sql))
        .isInstanceOf(WireError.class)
        .hasMessage("FATAL: " + text + " (08P01)");
  }

  private static String fatal(WireClient client) throws Exception {
    WireMessage last = client.readMessage();
    assertThat(last.type()).isEqualTo('E');
    assertThat(last.fields()).containsEntry('S', "FATAL").containsEntry('C', "08P01");
    assertThat(client.expectClosed()).isEmpty();
    return String.valueOf(last.fields().get('M'));
  }
}
