package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.closeStatement;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of named prepared statements in transaction mode. */
@ExtendWith(PostgresExtension.class)
class PreparedIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
    shared.query(database.name(), "CREATE TABLE t (n int)");
    shared.query(database.name(), "INSERT INTO t VALUES (1)");
  }

  private SluiceConfig config(int servers) {
    return SluiceConfig.before(postgres)
        .set("pool_mode", "transaction")
        .set("default_pool_size", servers);
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    return sluice.login("postgres", database.name());
  }

  private static void prepare(WireClient client, String name, String sql) throws IOException {
    client.send(parse(name, sql), sync());
    client.readResult();
  }

  private static String run(WireClient client, String name) throws IOException {
    client.send(bind("", name), execute("", 0), sync());
    return String.valueOf(client.readResult().value());
  }

  @Test
  void showsWhoHasWhichStatement() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(2));
        WireClient first = login(sluice);
        WireClient second = login(sluice);
        WireClient console = sluice.console()) {
      String sql = "SELECT '" + "é".repeat(1000) + "'";
      prepare(first, "a", sql);
      first.query("BEGIN");
      prepare(second, "b", sql);
      first.query("COMMIT");
      run(second, "b");

      var shown = console.query("SHOW PREPARED");

      assertThat(shown.rows()).hasSize(1);
      assertThat(shown.value("clients", "user", "postgres")).isEqualTo("2");
      assertThat(shown.value("servers", "database", database.name())).isEqualTo("2");
      assertThat(shown.value("uses", "user", "postgres")).isEqualTo("1");
      assertThat(shown.value("bytes", "user", "postgres")).isEqualTo("2012");
      assertThat(shown.value("query", "user", "postgres"))
          .isEqualTo("SELECT '" + "é".repeat(496) + "…");
    }
  }

  /** All servers have the statement; after one failure it works on each of them. */
  @Test
  void preparesAgainWhatPostgresCannotExecuteAnyMore() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(2));
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      prepare(first, "a", "SELECT * FROM t");
      first.query("BEGIN");
      prepare(second, "b", "SELECT * FROM t");
      first.query("COMMIT");
      assertThat(run(first, "a")).isEqualTo("1");
      postgres.query(database.name(), "ALTER TABLE t ADD COLUMN more text DEFAULT 'new'");

      assertThatThrownBy(() -> run(first, "a"))
          .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.sqlState()).isEqualTo("0A000"))
          .hasMessageContaining("cached plan");

      first.query("BEGIN");
      second.query("BEGIN");
      assertThat(rowOf(first, "a")).containsExactly("1", "new");
      assertThat(rowOf(second, "b")).containsExactly("1", "new");
      first.query("COMMIT");
      second.query("COMMIT");
    }
  }

  /** A driver that closes the statement and prepares its text under another name. */
  @Test
  void preparesTheSameTextAgainUnderAnotherName() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(1));
        WireClient client = login(sluice)) {
      prepare(client, "a", "SELECT * FROM t");
      run(client, "a");
      postgres.query(database.name(), "ALTER TABLE t ADD COLUMN more text DEFAULT 'new'");
      assertThatThrownBy(() -> run(client, "a")).hasMessageContaining("cached plan");

      client.send(closeStatement("a"), parse("b", "SELECT * FROM t"), sync());
      client.readResult();

      assertThat(rowOf(client, "b")).containsExactly("1", "new");
    }
  }

  private static List<String> rowOf(WireClient client, String name) throws IOException {
    client.send(bind("", name), execute("", 0), sync());
    return client.readResult().rows().get(0);
  }

  @Test
  void deallocatesByNameWhatWasPreparedWithAParse() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(2));
        WireClient holder = login(sluice);
        WireClient client = login(sluice);
        WireClient console = sluice.console()) {
      prepare(client, "a", "SELECT 'a'");
      prepare(client, "Or \"b", "SELECT 'b'");
      // Another server has neither.
      holder.query("BEGIN");

      assertThat(client.query("DEALLOCATE A;").tags()).containsExactly("DEALLOCATE");
      assertThat(client.query("/* now */ DEALLOCATE PREPARE \"Or \"\"b\" ").tags())
          .containsExactly("DEALLOCATE");

      assertSqlState("26000", () -> run(client, "a"));
      assertSqlState("26000", () -> client.query("DEALLOCATE a"));
      prepare(client, "a", "SELECT 'new'");
      assertThat(run(client, "a")).isEqualTo("new");
      holder.query("COMMIT");
      client.query("DEALLOCATE a");
      assertThat(console.query("SHOW PREPARED").value("clients", "database", database.name()))
          .isEqualTo("0");
    }
  }

  @Test
  void keepsAStatementThatATransactionWhichHasFailedCannotDeallocate() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(1));
        WireClient client = login(sluice)) {
      prepare(client, "a", "SELECT 'a'");
      client.query("BEGIN");
      assertSqlState("22012", () -> client.query("SELECT 1/0"));
      assertSqlState("25P02", () -> client.query("DEALLOCATE a"));
      client.query("ROLLBACK");
      assertThat(run(client, "a")).isEqualTo("a");
      client.query("BEGIN");
      client.query("DEALLOCATE a");
      assertSqlState("26000", () -> run(client, "a"));
      client.query("ROLLBACK");
    }
  }

  @Test
  void deallocatesInThePipelineToo() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(1));
        WireClient client = login(sluice)) {
      prepare(client, "a", "SELECT 'a'");
      client.send(
          parse("", "DEALLOCATE a"),
          bind("", ""),
          execute("", 0),
          parse("a", "SELECT 'new'"),
          bind("", "a"),
          execute("", 0),
          sync());
      assertThat(client.readResult().value()).isEqualTo("new");
      client.send(query("DEALLOCATE a"), parse("a", "SELECT 'newest'"), sync());
      assertThat(client.readResult().tags()).containsExactly("DEALLOCATE");
      client.readResult();
      assertThat(run(client, "a")).isEqualTo("newest");
      client.send(parse("", "SELECT wrong"), parse("", "DEALLOCATE a"), sync());
      assertSqlState("42703", client::readResult);
      assertThat(run(client, "a")).isEqualTo("newest");
    }
  }

  private static void assertSqlState(String expected, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.sqlState()).isEqualTo(expected));
  }

  @Test
  void hasAStatementTooManyFailAndTheSessionLiveOn() throws Exception {
    try (SluiceProcess sluice =
            SluiceProcess.start(config(1).set("max_client_prepared_statements", 1));
        WireClient client = login(sluice)) {
      prepare(client, "a", "SELECT 'a'");

      assertThatThrownBy(() -> prepare(client, "b", "SELECT 'b'"))
          .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.sqlState()).isEqualTo("22P02"))
          .hasMessageContaining("max_client_prepared_statements");

      assertThat(run(client, "a")).isEqualTo("a");
    }
  }
}
