package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client leaves in a shared server, and what the next one meets of it, by policy. */
@ExtendWith(PostgresExtension.class)
class SessionStateIT {
  private static final String PID = "SELECT pg_backend_pid()";

  /** A statement that leaves state, its kind, a look whether it is there, and what clean looks. */
  private static final String KINDS =
      """
      SET work_mem = '1MB' | parameter | SHOW work_mem | 4MB
      SELECT 1; SET work_mem = '1MB' | parameter | SHOW work_mem | 4MB
      SELECT set_config('work_mem', '1MB', false) | parameter | SHOW work_mem | 4MB
      SET ROLE pg_monitor | parameter | SELECT current_user | postgres
      CREATE TEMP TABLE left_here () | temporary | SELECT to_regclass('left_here') IS NULL | t
      LISTEN left_here | listen | SELECT count(*) FROM pg_listening_channels() | 0
      DECLARE c CURSOR WITH HOLD FOR SELECT 1 | cursor | SELECT count(*) FROM pg_cursors WHERE is_holdable | 0
      SELECT pg_advisory_lock(7) | lock | SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' | 0
      PREPARE left_here AS SELECT 1 | prepared | SELECT count(*) FROM pg_prepared_statements WHERE from_sql | 0
      """;

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceProcess start(String policy, int poolSize) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", poolSize)
            .set("query_wait_timeout", 20)
            .set("session_state_policy", policy));
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    return sluice.login("postgres", database.name());
  }

  /** A line of {@link #KINDS}. */
  private record Kind(String leave, String word, String look, String clean) {
    static List<Kind> all() {
      return KINDS.lines().map(line -> line.split(" \\| ")).map(Kind::of).toList();
    }

    private static Kind of(String[] words) {
      return new Kind(words[0], words[1], words[2], words[3]);
    }
  }

  @Test
  void resetTakesItAwayBeforeTheNextClient() throws Exception {
    try (SluiceProcess sluice = start("reset", 1);
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      String pid = first.query(PID).value();
      for (Kind kind : Kind.all()) {
        first.query(kind.leave);

        assertThat(second.query(kind.look).value()).as(kind.leave).isEqualTo(kind.clean);
        assertThat(second.query(PID).value()).as(kind.leave).isEqualTo(pid);
        assertNoted(sluice, kind.word, "reset");
      }
    }
  }

  @Test
  void allowLetsTheNextClientMeetIt() throws Exception {
    try (SluiceProcess sluice = start("allow", 1);
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      for (Kind kind : Kind.all()) {
        first.query(kind.leave);

        assertThat(second.query(kind.look).value()).as(kind.leave).isNotEqualTo(kind.clean);
        assertNoted(sluice, kind.word, "allow");
        second.query("DISCARD ALL");
      }
    }
  }

  @Test
  void rejectHasTheStatementFail() throws Exception {
    try (SluiceProcess sluice = start("reject", 1);
        WireClient client = login(sluice)) {
      for (Kind kind : Kind.all()) {
        assertRejected(client, kind);
      }
    }
  }

  private static void assertRejected(WireClient client, Kind kind) throws IOException {
    assertThatThrownBy(() -> client.query(kind.leave))
        .isInstanceOfSatisfying(
            WireError.class,
            error -> {
              assertThat(error.sqlState()).isEqualTo("0A000");
              assertThat(error).hasMessageContaining("session_state_policy = reject");
              assertThat(error).hasMessageContaining("(" + kind.word + ")");
            });
    assertThat(client.transactionStatus()).isEqualTo('I');
    assertThat(client.query(kind.look).value()).isEqualTo(kind.clean);

    client.query("BEGIN");
    assertThatThrownBy(() -> client.query(kind.leave)).hasMessageContaining("reject");
    assertThat(client.transactionStatus()).isEqualTo('E');
    client.query("ROLLBACK");
  }

  @Test
  void rejectHasAParseFail() throws Exception {
    try (SluiceProcess sluice = start("reject", 1);
        WireClient client = login(sluice)) {
      for (String name : new String[] {"", "s"}) {
        client.send(parse(name, "LISTEN x"), bind("", name), execute("", 0), sync());

        assertThatThrownBy(client::readResult)
            .hasMessageContaining("session_state_policy = reject")
            .hasMessageContaining("LISTEN (listen)");
      }
      client.send(parse("s", "SELECT 3"), bind("", "s"), execute("", 0), sync());
      assertThat(client.readResult().number()).isEqualTo(3);
    }
  }

  @Test
  void resetFollowsPreparedStatementsToEveryServer() throws Exception {
    try (SluiceProcess sluice = start("reset", 1);
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      first.send(parse("s", "SELECT set_config('work_mem', '1MB', false)"), sync());
      first.readResult();
      for (int i = 0; i < 2; i++) {
        first.send(bind("", "s"), execute("", 0), sync());
        first.readResult();

        assertThat(second.query("SHOW work_mem").value()).isEqualTo("4MB");
      }
      first.send(parse("", "CREATE TEMP TABLE left_here ()"), bind("", ""), execute("", 0), sync());
      first.readResult();
      assertThat(second.query("SELECT to_regclass('left_here') IS NULL").value()).isEqualTo("t");
    }
  }

  @Test
  void aLoadedLibraryCostsTheServer() throws Exception {
    try (SluiceProcess sluice = start("reset", 1);
        WireClient client = login(sluice)) {
      String pid = client.query(PID).value();

      client.query("LOAD 'plpgsql'");

      assertThat(client.query(PID).value()).isNotEqualTo(pid);
    }
  }

  @Test
  void pinKeepsTheServerUntilTheStateIsGone() throws Exception {
    try (SluiceProcess sluice = start("pin", 2);
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      first.query("CREATE TEMP TABLE mine (n int)");
      first.query("INSERT INTO mine VALUES (7)");
      String pid = first.query(PID).value();
      for (int i = 0; i < 5; i++) {
        assertThat(second.query(PID).value()).isNotEqualTo(pid);
        assertThat(first.query("SELECT n FROM mine").number()).isEqualTo(7);
      }

      first.query("DISCARD ALL");

      try (PoolCounts pools = PoolCounts.of(sluice, database.name())) {
        pools.await("sv_active", 0);
      }
    }
  }

  @Test
  void pinEndsWhenTheLastLockIsGivenBackOrTheClientLeaves() throws Exception {
    try (SluiceProcess sluice = start("pin", 1);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      try (WireClient client = login(sluice)) {
        client.query("SELECT pg_advisory_lock(1)");
        client.query("SELECT pg_advisory_lock(2)");
        client.query("SELECT pg_advisory_unlock(1)");
        pools.await("sv_active", 1);
        client.query("SELECT pg_advisory_unlock(2)");
        pools.await("sv_active", 0);
        client.query("LISTEN x");
        pools.await("sv_active", 1);
      }
      pools.await("sv_active", 0);
      try (WireClient next = login(sluice)) {
        assertThat(next.query("SELECT count(*) FROM pg_listening_channels()").number()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEALLOCATE two", "DEALLOCATE PREPARE two", "DEALLOCATE ALL"})
  void pinEndsWhenTheLastPreparedStatementIsDropped(String drop) throws Exception {
    try (SluiceProcess sluice = start("pin", 2);
        WireClient client = login(sluice);
        WireClient other = login(sluice);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      client.query("PREPARE one(int) AS SELECT $1 + 1");
      client.query("PREPARE two AS SELECT 2");
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> other.query("EXECUTE one(1)")).hasMessageContaining("26000");
        assertThat(client.query("EXECUTE one(1)").number()).isEqualTo(2);
      }
      client.query("DEALLOCATE one");
      assertThat(client.query("EXECUTE two").number()).isEqualTo(2);
      pools.await("sv_active", 1);

      client.query(drop);

      pools.await("sv_active", 0);
    }
  }

  @Test
  void aPrepareThatFailsCostsNoReset() throws Exception {
    try (SluiceProcess sluice = start("reset", 1);
        WireClient client = login(sluice)) {
      client.send(parse("kept", "SELECT 7"), sync());
      client.readResult();
      assertThatThrownBy(() -> client.query("PREPARE one AS SELECT wrong"))
          .hasMessageContaining("42703");

      String named = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 7'";
      assertThat(client.query(named).number()).isEqualTo(1);
      client.query("PREPARE one AS SELECT 1");
      assertThat(client.query(named).number()).isZero();
      assertThat(client.query("EXECUTE one").number()).isEqualTo(1);
    }
  }

  @Test
  void warnSaysItOnceForEachClientAndKind() throws Exception {
    try (SluiceProcess sluice = start("warn", 1);
        WireClient client = login(sluice)) {
      client.query("LISTEN x");
      client.query("LISTEN y");
      client.query("CREATE TEMP TABLE t ()");

      sluice.log().await("leaves session state behind: temporary");
      assertThat(sluice.log().matching("leaves session state behind: listen")).hasSize(1);
    }
  }

  @Test
  void whatFollowsTheClientIsNoStateLeftBehind() throws Exception {
    try (SluiceProcess sluice = start("reject", 1);
        WireClient first = login(sluice);
        WireClient second = login(sluice);
        WireClient console = sluice.console()) {
      first.query("SET application_name = 'one'");
      first.query("SET LOCAL work_mem = '1MB'");
      first.query("SET extra_float_digits = 3");
      first.query("BEGIN; CREATE TEMP TABLE t () ON COMMIT DROP; COMMIT");
      second.query("SET application_name = 'two'");

      assertThat(first.query("SHOW application_name").value()).isEqualTo("one");
      assertThat(second.query("SHOW application_name").value()).isEqualTo("two");
      assertThat(console.query("SHOW SESSION_STATE").rows()).isEmpty();
    }
  }

  @Test
  void sessionPoolingCountsWhatWouldBreak() throws Exception {
    try (SluiceProcess sluice =
            SluiceProcess.start(SluiceConfig.before(postgres).set("pool_mode", "session"));
        WireClient client = login(sluice)) {
      client.query("CREATE TEMP TABLE mine ()");
      client.query("SELECT count(*) FROM mine");

      assertNoted(sluice, "temporary", "reset");
    }
  }

  private static void assertNoted(SluiceProcess sluice, String kind, String policy)
      throws IOException {
    try (WireClient console = sluice.console()) {
      var shown = console.query("SHOW SESSION_STATE");
      assertThat(shown.value("policy", "kind", kind)).isEqualTo(policy);
      assertThat(shown.value("statements", "kind", kind)).isNotEqualTo("0");
    }
  }
}
