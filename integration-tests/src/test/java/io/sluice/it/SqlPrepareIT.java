package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients prepare in SQL, used in transactions that come to other servers. */
@ExtendWith(PostgresExtension.class)
class SqlPrepareIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceProcess start(int poolSize) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", poolSize)
            .set("query_wait_timeout", 20));
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    return sluice.login("postgres", database.name());
  }

  @Test
  void givesEachClientItsOwnWhereverItIs() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient one = login(sluice);
        WireClient two = login(sluice);
        WireClient none = login(sluice)) {
      one.query("PREPARE plus(int) AS SELECT $1 + 1");
      two.query("PREPARE plus(int) AS SELECT $1 + 2;");

      for (int i = 0; i < 3; i++) {
        assertThat(one.query("EXECUTE plus(10)").number()).isEqualTo(11);
        assertThat(two.query("/* two */ execute PLUS (10);").number()).isEqualTo(12);
        assertThatThrownBy(() -> none.query("EXECUTE plus(10)")).hasMessageContaining("26000");
      }
    }
  }

  @Test
  void followsItsClientToAnotherServer() throws Exception {
    try (SluiceProcess sluice = start(2);
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      client.query("PREPARE mine AS SELECT pg_backend_pid()");
      long first = client.query("EXECUTE mine").number();
      other.query("BEGIN");
      long others = other.query("SELECT pg_backend_pid()").number();
      long second = client.query("EXECUTE mine").number();

      // One of the two is on the server that the client has prepared on.
      assertThat(first == others || second == first).isTrue();
      assertThat(second).isNotEqualTo(others);
    }
  }

  @Test
  void answersMistakesAsPostgresDoes() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      assertThatThrownBy(() -> client.query("PREPARE a AS SELECT wrong"))
          .hasMessageContaining("42703");
      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("26000");
      client.query("PREPARE a AS SELECT 1");
      assertThatThrownBy(() -> client.query("PREPARE a AS SELECT 2")).hasMessageContaining("42P05");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
      client.query("PREPARE one(int) AS SELECT $1");
      assertThatThrownBy(() -> client.query("EXECUTE one")).hasMessageContaining("42601");
      assertThatThrownBy(() -> client.query("DEALLOCATE b")).hasMessageContaining("26000");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DEALLOCATE a", "DEALLOCATE PREPARE \"a\"", "DEALLOCATE ALL", "DISCARD ALL"})
  void forgetsWhatIsDropped(String drop) throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("PREPARE a AS SELECT 1");
      client.query("SELECT 0");
      client.query(drop);

      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("26000");
      client.query("PREPARE a AS SELECT 2");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(2);
    }
  }

  @Test
  void worksWithinTransactions() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("BEGIN");
      client.query("PREPARE a AS SELECT 1");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
      client.query("ROLLBACK");
      client.query("BEGIN");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
      assertThatThrownBy(() -> client.query("SELECT 1/0")).hasMessageContaining("22012");
      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("25P02");
      client.query("ROLLBACK");
      client.query("BEGIN");
      assertThatThrownBy(() -> client.query("SELECT 1/0")).hasMessageContaining("22012");
      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("25P02");
      client.query("ROLLBACK");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
    }
  }

  /**
   * What could not be said again in a failed transaction can be when it is rolled back to before.
   */
  @Test
  void worksBehindASavepoint() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("PREPARE a AS SELECT 1");
      client.query("BEGIN");
      client.query("SAVEPOINT s");
      assertThatThrownBy(() -> client.query("SELECT 1/0")).hasMessageContaining("22012");
      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("25P02");
      client.query("ROLLBACK TO s");

      assertThat(client.query("EXECUTE a").number()).isEqualTo(1);
    }
  }

  @Test
  void tellsWhyAStatementCannotBePreparedAnyMore() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("CREATE TABLE gone (i int)");
      client.query("PREPARE a AS SELECT * FROM gone");
      client.query("DROP TABLE gone");

      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("42P01");
      assertThat(client.query("DEALLOCATE a").tags()).containsExactly("DEALLOCATE");
      client.query("PREPARE a AS SELECT 2");
      assertThat(client.query("EXECUTE a").number()).isEqualTo(2);
    }
  }

  @Test
  void tellsOfALockThatWasWaitedForTooLong() throws Exception {
    try (SluiceProcess sluice = start(2);
        WireClient client = login(sluice);
        WireClient holder = login(sluice)) {
      client.query("CREATE TABLE held (i int)");
      client.query("PREPARE a AS SELECT * FROM held");
      holder.query("BEGIN");
      holder.query("LOCK TABLE held");
      client.query("BEGIN");
      client.query("SET LOCAL lock_timeout = '50ms'");

      assertThatThrownBy(() -> client.query("EXECUTE a")).hasMessageContaining("55P03");
      client.query("ROLLBACK");
      holder.query("ROLLBACK");
      assertThat(client.query("EXECUTE a").rows()).isEmpty();
    }
  }

  /** More arguments than are waited for: the name at the beginning is enough. */
  @Test
  void executesWithArgumentsOfAnySize() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("PREPARE size(text) AS SELECT length($1)");
      for (int size : new int[] {1000, 9000, 20_000, 500_000}) {
        client.query("SELECT 'another transaction'");
        assertThat(client.query("EXECUTE size('" + "x".repeat(size) + "')").number())
            .isEqualTo(size);
      }
    }
  }

  /** A name of a Parse that is dropped in SQL says nothing about one of a PREPARE. */
  @Test
  void leavesNothingToOthersWhateverIsDropped() throws Exception {
    SluiceConfig config =
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", 1)
            .set("max_prepared_statements", 0);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      client.query("BEGIN");
      client.query("PREPARE a AS SELECT 1");
      client.send(parse("p", "SELECT 2"), sync());
      client.readResult();
      client.query("DEALLOCATE p");
      client.query("COMMIT");

      assertThatThrownBy(() -> other.query("EXECUTE a")).hasMessageContaining("26000");
    }
  }

  /** Everything in one packet, and what is prepared used in the next. */
  @Test
  void worksWithoutWaitingForAnswers() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      for (int i = 0; i < 3; i++) {
        client.send(
            query("PREPARE a AS SELECT " + i),
            query("EXECUTE a"),
            query("SELECT 'between'"),
            query("EXECUTE a"),
            query("DEALLOCATE a"));
        assertThat(client.readResult().tags()).containsExactly("PREPARE");
        assertThat(client.readResult().number()).isEqualTo(i);
        assertThat(client.readResult().value()).isEqualTo("between");
        assertThat(client.readResult().number()).isEqualTo(i);
        assertThat(client.readResult().tags()).containsExactly("DEALLOCATE");
        assertThatThrownBy(() -> other.query("EXECUTE a")).hasMessageContaining("26000");
      }
    }
  }

  /** The extended protocol: what drivers do with the same statements. */
  @Test
  void worksThroughJdbc() throws Exception {
    try (SluiceProcess sluice = start(1);
        Connection one = connect(sluice);
        Connection two = connect(sluice)) {
      for (Connection connection : new Connection[] {one, two}) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("PREPARE a(int) AS SELECT $1 + " + (connection == one ? 1 : 2));
        }
      }
      for (int i = 0; i < 12; i++) {
        assertThat(number(one, "EXECUTE a(" + i + ")")).isEqualTo(i + 1);
        assertThat(number(two, "EXECUTE a(10)")).isEqualTo(12);
      }
    }
  }

  /** Of different names: the server has to be given each one's parameters. */
  private Connection connect(SluiceProcess sluice) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + sluice.port() + "/" + database.name();
    return DriverManager.getConnection(
        url + "?ApplicationName=" + System.nanoTime(), "postgres", "");
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** More text than is kept for one client: what is over lasts as long as its transaction. */
  @Test
  void keepsNoMoreThanItMay() throws Exception {
    String filler = "x".repeat(7000);
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      for (int i = 0; i < 12; i++) {
        client.query("PREPARE s" + i + " AS SELECT " + i + " /* " + filler + " */");
      }

      assertThat(client.query("EXECUTE s0").number()).isZero();
      assertThatThrownBy(() -> client.query("EXECUTE s11")).hasMessageContaining("26000");
      client.query("BEGIN");
      client.query("PREPARE s11 AS SELECT 11");
      assertThat(client.query("EXECUTE s11").number()).isEqualTo(11);
      client.query("COMMIT");
    }
  }
}
