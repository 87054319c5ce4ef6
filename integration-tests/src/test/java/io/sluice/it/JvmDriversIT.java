package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.sluice.demo.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reactive drivers in their default settings, over transaction mode with two servers. */
@ExtendWith(PostgresExtension.class)
class JvmDriversIT {
  private static final int CONNECTIONS = 6;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
    shared.query(database.name(), "CREATE TABLE t (n int)");
  }

  private SluiceProcess start() throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres).set("pool_mode", "transaction").set("default_pool_size", 2));
  }

  // ---- r2dbc-postgresql

  @Test
  void r2dbcPreparesOnMoreConnectionsThanServers() throws Exception {
    try (SluiceProcess sluice = start()) {
      Long answers =
          Flux.range(0, CONNECTIONS)
              .flatMap(n -> withR2dbc(sluice, c -> sums(c, n)), CONNECTIONS)
              .count()
              .block(LIMIT);

      assertThat(answers).isEqualTo(CONNECTIONS * 30L);
      assertThat(database.connections()).isBetween(1L, 2L);
    }
  }

  @Test
  void r2dbcRunsBatchesTransactionsAndCursors() throws Exception {
    try (SluiceProcess sluice = start()) {
      List<Integer> found =
          withR2dbc(
                  sluice,
                  c ->
                      c.beginTransaction()
                          .thenMany(inserts(c))
                          .thenMany(c.commitTransaction())
                          .thenMany(c.beginTransaction())
                          .thenMany(
                              integers(
                                  c.createStatement("SELECT n FROM t WHERE n >= $1 ORDER BY n")
                                      .bind("$1", 10)
                                      .fetchSize(7)))
                          .concatWith(c.rollbackTransaction().then(Mono.empty())))
              .collectList()
              .block(LIMIT);

      assertThat(found).hasSize(90).startsWith(10).endsWith(99);
    }
  }

  private <T> Flux<T> withR2dbc(
      SluiceProcess sluice, Function<PostgresqlConnection, Flux<T>> work) {
    PostgresqlConnectionFactory factory =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(sluice.port())
                .username("postgres")
                .database(database.name())
                .build());
    return Flux.usingWhen(factory.create(), work, PostgresqlConnection::close);
  }

  private static Flux<Integer> sums(PostgresqlConnection connection, int number) {
    return Flux.range(0, 30)
        .concatMap(
            i ->
                integers(
                        connection
                            .createStatement("SELECT $1 + $2")
                            .bind("$1", i)
                            .bind("$2", number))
                    .doOnNext(sum -> assertThat(sum).isEqualTo(i + number)));
  }

  private static Flux<Long> inserts(PostgresqlConnection connection) {
    PostgresqlStatement insert = connection.createStatement("INSERT INTO t VALUES ($1)");
    for (int i = 0; i < 99; i++) {
      insert.bind("$1", i).add();
    }
    return insert.bind("$1", 99).execute().flatMap(result -> result.getRowsUpdated());
  }

  private static Flux<Integer> integers(PostgresqlStatement statement) {
    return statement.execute().flatMap(r -> r.map((row, meta) -> row.get(0, Integer.class)));
  }

  // ---- vertx-pg-client

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void vertxPipelinesOnMoreConnectionsThanServers(boolean cachesStatements) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (SluiceProcess sluice = start()) {
      Pool pool = vertxPool(vertx, sluice, cachesStatements);
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        answers.add(
            pool.preparedQuery("SELECT $1::int4 + " + i % 3)
                .execute(Tuple.of(i))
                .map(rows -> rows.iterator().next().getInteger(0)));
      }
      for (int i = 0; i < 300; i++) {
        assertThat(await(answers.get(i))).isEqualTo(i + i % 3);
      }
      assertThat(database.connections()).isBetween(1L, 2L);
      await(pool.close());
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void vertxRunsBatchesTransactionsAndCursors() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (SluiceProcess sluice = start()) {
      Pool pool = vertxPool(vertx, sluice, false);
      List<Tuple> batch = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        batch.add(Tuple.of(i));
      }
      await(
          pool.withTransaction(
              c -> c.preparedQuery("INSERT INTO t VALUES ($1)").executeBatch(batch)));
      int read =
          await(
              pool.withTransaction(
                  c ->
                      c.prepare("SELECT n FROM t WHERE n >= $1")
                          .flatMap(s -> s.cursor(Tuple.of(10)).read(7))
                          .map(rows -> rows.size())));
      assertThat(read).isEqualTo(7);
      assertThat(await(pool.query("SELECT 1/0").execute().map(r -> "none").otherwise("failed")))
          .isEqualTo("failed");
      assertThat(await(pool.query("SELECT 7").execute()).size()).isEqualTo(1);
      await(pool.close());
    } finally {
      await(vertx.close());
    }
  }

  private Pool vertxPool(Vertx vertx, SluiceProcess sluice, boolean cachesStatements) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(CONNECTIONS))
        .connectingTo(
            new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(sluice.port())
                .setUser("postgres")
                .setPassword("")
                .setDatabase(database.name())
                .setCachePreparedStatements(cachesStatements))
        .using(vertx)
        .build();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
