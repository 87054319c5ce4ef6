package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.demo.postgres.EmbeddedPostgres;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** The drivers and tools that people use, over transaction mode. */
@ExtendWith(PostgresExtension.class)
class DriversIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
    shared.query(database.name(), "CREATE TABLE t (id serial PRIMARY KEY, n int)");
  }

  /** Two connections take turns on two servers, so that statements are missing on either. */
  @ParameterizedTest
  @CsvSource({
    "simple, 5",
    "extended, 0",
    "extended, 1",
    "extended, 5",
    "extendedForPrepared, 1",
    "extendedCacheEverything, 1"
  })
  void jdbcPreparesInEveryWay(String mode, int threshold) throws Exception {
    try (SluiceProcess sluice = start(2);
        Connection first = connect(sluice, mode, threshold);
        Connection second = connect(sluice, mode, threshold);
        PreparedStatement one = first.prepareStatement("SELECT ? + 1");
        PreparedStatement two = second.prepareStatement("SELECT ? + 2")) {
      for (int i = 0; i < 30; i++) {
        first.setAutoCommit(i % 3 == 0);
        assertThat(answer(one, i)).isEqualTo(i + 1);
        assertThat(answer(two, i)).isEqualTo(i + 2);
        if (!first.getAutoCommit()) {
          first.commit();
        }
      }
      assertThat(database.connections()).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void jdbcRunsBatches(int threshold) throws Exception {
    try (SluiceProcess sluice = start(2);
        Connection connection = connect(sluice, "extended", threshold);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO t (n) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < 1000; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }

      assertThat(insert.executeBatch()).hasSize(1000).containsOnly(1);

      assertThat(number(connection, "SELECT sum(n) FROM t")).isEqualTo(499_500);
    }
  }

  @Test
  void jdbcGoesOnAfterABatchThatFails() throws Exception {
    try (SluiceProcess sluice = start(1);
        Connection connection = connect(sluice);
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO t (n) VALUES (10 / ?)")) {
      for (int i = -5; i < 5; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }

      assertThatThrownBy(insert::executeBatch).hasMessageContaining("division by zero");

      insert.setInt(1, 5);
      assertThat(insert.executeUpdate()).isEqualTo(1);
      assertThat(number(connection, "SELECT sum(n) FROM t WHERE n = 2")).isEqualTo(2);
    }
  }

  @Test
  void jdbcFetchesWithACursor() throws Exception {
    try (SluiceProcess sluice = start(1);
        Connection connection = connect(sluice)) {
      connection.setAutoCommit(false);
      try (PreparedStatement select = connection.prepareStatement("SELECT generate_series(1, ?)")) {
        select.setInt(1, 1000);
        select.setFetchSize(17);
        long sum = 0;
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            sum += rows.getInt(1);
          }
        }
        assertThat(sum).isEqualTo(500_500);
      }
      connection.commit();
    }
  }

  @Test
  void jdbcCopiesInAndOut() throws Exception {
    try (SluiceProcess sluice = start(1);
        Connection connection = connect(sluice)) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();

      long copied = copy.copyIn("COPY t (n) FROM STDIN", new StringReader("1\n2\n3\n"));
      StringWriter out = new StringWriter();
      copy.copyOut("COPY (SELECT n FROM t ORDER BY n) TO STDOUT", out);

      assertThat(copied).isEqualTo(3);
      assertThat(out).hasToString("1\n2\n3\n");
      assertThatThrownBy(() -> copy.copyIn("COPY t (n) FROM STDIN", new StringReader("x\n")))
          .isInstanceOf(SQLException.class);
      assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(3);
    }
  }

  @Test
  void jdbcCancelsItsStatement() throws Exception {
    try (SluiceProcess sluice = start(1);
        Connection connection = connect(sluice);
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);

      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(600)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));

      assertThat(number(connection, "SELECT 7")).isEqualTo(7);
    }
  }

  @Test
  void hikariServes20ThreadsOver5Servers() throws Exception {
    int threads = 20;
    int rounds = 50;
    try (SluiceProcess sluice = start(5);
        HikariDataSource source = new HikariDataSource(hikari(sluice, threads))) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          workers.add(
              executor.submit(
                  () -> {
                    for (int round = 0; round < rounds; round++) {
                      insertTwice(source);
                    }
                    return true;
                  }));
        }
        AtomicLong peak = new AtomicLong();
        Eventually.await(
            "all threads are done",
            () -> {
              peak.accumulateAndGet(database.connections(), Math::max);
              return workers.stream().allMatch(Future::isDone);
            });
        for (Future<?> worker : workers) {
          worker.get(1, TimeUnit.SECONDS);
        }
        assertThat(peak.get()).isBetween(1L, 5L);
      } finally {
        executor.shutdownNow();
      }
      try (Connection connection = source.getConnection()) {
        assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(2L * threads * rounds);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "prepared"})
  void pgbenchRuns200ClientsOver20Servers(String protocol) throws Exception {
    new Pgbench(postgres.port(), "postgres", database.name()).initialize(1);
    try (SluiceProcess sluice = start(20)) {
      ExecutorService executor = Executors.newSingleThreadExecutor();
      try {
        Future<Long> load =
            executor.submit(
                () ->
                    new Pgbench(sluice.port(), "postgres", database.name())
                        .run(
                            "--protocol=" + protocol,
                            "--client=200",
                            "--jobs=2",
                            "--time=5",
                            "--select-only",
                            "--no-vacuum"));
        AtomicLong peak = new AtomicLong();
        Eventually.await(
            "pgbench has ended",
            () -> {
              peak.accumulateAndGet(database.connections(), Math::max);
              return load.isDone();
            });
        assertThat(load.get(1, TimeUnit.SECONDS)).isPositive();
        assertThat(peak.get()).isBetween(1L, 20L);
      } finally {
        executor.shutdownNow();
      }
      try (PoolCounts pools = PoolCounts.of(sluice, database.name())) {
        pools.await("cl_active", 0);
        pools.await("sv_active", 0);
      }
    }
  }

  private static void insertTwice(HikariDataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO t (n) VALUES (?)")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 2; i++) {
        insert.setInt(1, i);
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  private HikariConfig hikari(SluiceProcess sluice, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(sluice));
    config.setUsername("postgres");
    config.setMaximumPoolSize(size);
    return config;
  }

  private static int answer(PreparedStatement statement, int parameter) throws SQLException {
    statement.setInt(1, parameter);
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** As most applications do: without any setting. */
  private Connection connect(SluiceProcess sluice) throws SQLException {
    return DriverManager.getConnection(url(sluice), "postgres", "");
  }

  private Connection connect(SluiceProcess sluice, String mode, int threshold) throws SQLException {
    String settings = "?preferQueryMode=" + mode + "&prepareThreshold=" + threshold;
    return DriverManager.getConnection(url(sluice) + settings, "postgres", "");
  }

  private String url(SluiceProcess sluice) {
    return "jdbc:postgresql://127.0.0.1:" + sluice.port() + "/" + database.name();
  }

  private SluiceProcess start(int poolSize) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("max_client_conn", 500)
            .set("default_pool_size", poolSize));
  }
}
