package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** What runs on pgjdbc in its default settings, over transaction mode with few servers. */
@ExtendWith(PostgresExtension.class)
class JdbcFrameworksIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  /** What Hibernate keeps. */
  @Entity(name = "Note")
  static class Note {
    @Id @GeneratedValue @Nullable Long id;
    @Version int version;
    String text = "";
  }

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceProcess start() throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres).set("pool_mode", "transaction").set("default_pool_size", 3));
  }

  private String url(SluiceProcess sluice) {
    return "jdbc:postgresql://127.0.0.1:" + sluice.port() + "/" + database.name();
  }

  @Test
  void jdbcRewritesBatches() throws Exception {
    postgres.query(database.name(), "CREATE TABLE t (n int)");
    try (SluiceProcess sluice = start();
        Connection connection =
            DriverManager.getConnection(
                url(sluice) + "?reWriteBatchedInserts=true", "postgres", "");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)");
        Statement sum = connection.createStatement()) {
      for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 333; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(333);
      }
      try (ResultSet rows = sum.executeQuery("SELECT sum(n) FROM t")) {
        rows.next();
        assertThat(rows.getLong(1)).isEqualTo(8 * 332 * 333 / 2);
      }
    }
  }

  @Test
  void jdbcReadsAndWritesLargeObjects() throws Exception {
    byte[] content = new byte[300_000];
    Arrays.fill(content, (byte) 0xA5);
    try (SluiceProcess sluice = start();
        Connection connection = DriverManager.getConnection(url(sluice), "postgres", "")) {
      connection.setAutoCommit(false);
      LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
      long oid = manager.createLO();
      try (LargeObject made = manager.open(oid, LargeObjectManager.WRITE)) {
        made.write(content);
      }
      connection.commit();
      try (LargeObject stored = manager.open(oid, LargeObjectManager.READ)) {
        assertThat(stored.read(content.length + 1)).isEqualTo(content);
      }
      connection.commit();
    }
  }

  @Test
  void hibernatePersistsUpdatesAndQueries() throws Exception {
    try (SluiceProcess sluice = start();
        SessionFactory factory =
            new Configuration()
                .addAnnotatedClass(Note.class)
                .setProperty("hibernate.connection.url", url(sluice))
                .setProperty("hibernate.connection.username", "postgres")
                .setProperty("hibernate.connection.password", "")
                .setProperty("hibernate.hbm2ddl.auto", "create")
                .setProperty("hibernate.jdbc.batch_size", "20")
                .buildSessionFactory()) {
      factory.inTransaction(
          session -> {
            for (int i = 0; i < 100; i++) {
              Note note = new Note();
              note.text = "note " + i;
              session.persist(note);
            }
          });
      for (int round = 0; round < 8; round++) {
        factory.inTransaction(
            session ->
                session
                    .createQuery("from Note where text like 'note 1%'", Note.class)
                    .getResultList()
                    .forEach(note -> note.text += "!"));
      }
      List<Note> changed =
          factory.fromTransaction(
              session -> session.createQuery("from Note where version = 8", Note.class).list());

      assertThat(changed).hasSize(11).allMatch(note -> note.text.endsWith("!!!!!!!!"));
    }
  }

  @Test
  void jooqRunsTransactionsAndBatches() throws Exception {
    var table = DSL.table("book");
    var id = DSL.field("id", SQLDataType.INTEGER);
    var title = DSL.field("title", SQLDataType.VARCHAR);
    try (SluiceProcess sluice = start();
        Connection connection = DriverManager.getConnection(url(sluice), "postgres", "")) {
      DSLContext jooq = DSL.using(connection);
      jooq.createTable(table).column(id).column(title).execute();
      for (int i = 0; i < 20; i++) {
        int number = i;
        jooq.transaction(
            inner ->
                inner.dsl().insertInto(table, id, title).values(number, "t" + number).execute());
      }
      jooq.batch(jooq.update(table).set(title, "").where(id.eq(0)))
          .bind("a", 1)
          .bind("b", 2)
          .execute();

      assertThat(jooq.select(title).from(table).where(id.le(3)).orderBy(id).fetch(title))
          .containsExactly("t0", "a", "b", "t3");
    }
  }

  /** Two at once: each waits for the other's lock. */
  @Test
  void flywayMigratesOnce(@TempDir Path migrations) throws Exception {
    Files.writeString(migrations.resolve("V1__first.sql"), "CREATE TABLE a (n int);");
    Files.writeString(
        migrations.resolve("V2__second.sql"), "INSERT INTO a VALUES (1);\nCREATE TABLE b ();");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (SluiceProcess sluice = start()) {
      Future<Integer> one = threads.submit(() -> migrate(sluice, migrations));
      Future<Integer> other = threads.submit(() -> migrate(sluice, migrations));

      assertThat(one.get(60, TimeUnit.SECONDS) + other.get(60, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(postgres.query(database.name(), "SELECT count(*) FROM a").number()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private int migrate(SluiceProcess sluice, Path migrations) {
    return Flyway.configure()
        .dataSource(url(sluice), "postgres", "")
        .locations("filesystem:" + migrations)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
