package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL's own tools for replication, which come with psql. They refuse servers that are newer
 * than they are, so they meet the oldest one.
 */
class ReplicationToolsIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static EmbeddedPostgres postgres;

  @TempDir private Path directory;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres =
        EmbeddedPostgres.start(PostgresOptions.DEFAULT.version("11").config("wal_level = logical"));
    postgres.createDatabase("app");
    postgres.query("app", "CREATE TABLE t (n int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  private static SluiceProcess start() throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("query_timeout", 1)
            .set("default_pool_size", 2));
  }

  /** One connection for the files, and one for the log that is written meanwhile. */
  @Test
  void takesABaseBackup() throws Exception {
    Path backup = directory.resolve("backup");
    try (SluiceProcess sluice = start()) {
      run(
          sluice,
          "pg_basebackup",
          "--pgdata=" + backup,
          "--wal-method=stream",
          "--checkpoint=fast",
          "--no-sync");
    }
    assertThat(backup.resolve("PG_VERSION")).hasContent("11\n");
    assertThat(backup.resolve("backup_label")).exists();
    try (Stream<Path> segments = Files.list(backup.resolve("pg_wal"))) {
      assertThat(segments.filter(Files::isRegularFile)).isNotEmpty();
    }
  }

  @Test
  void receivesTheLog() throws Exception {
    Path log = Files.createDirectory(directory.resolve("log"));
    try (SluiceProcess sluice = start()) {
      run(sluice, "pg_receivewal", "--create-slot", "--slot=stream");
      // The tool begins where PostgreSQL stands.
      String now = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
      long after = postgres.query(now).number() + 1_000_000;
      String end = String.format("%X/%X", after >>> 32, after & 0xFFFF_FFFFL);
      CompletableFuture<Void> received =
          CompletableFuture.runAsync(
              () ->
                  run(
                      sluice,
                      "pg_receivewal",
                      "--directory=" + log,
                      "--slot=stream",
                      "--endpos=" + end,
                      "--no-loop",
                      "--no-sync"));
      Eventually.await(
          "the log is streamed",
          () -> postgres.query("SELECT count(*) FROM pg_stat_replication").number() == 1);
      postgres.query("app", "INSERT INTO t SELECT generate_series(1, 50000)");
      received.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

      try (Stream<Path> segments = Files.list(log)) {
        assertThat(segments).isNotEmpty();
      }
      run(sluice, "pg_receivewal", "--drop-slot", "--slot=stream");
    }
  }

  @Test
  void receivesChanges() throws Exception {
    try (SluiceProcess sluice = start()) {
      run(
          sluice,
          "pg_recvlogical",
          "--dbname=app",
          "--create-slot",
          "--slot=changes",
          "--plugin=pgoutput");
      postgres.query("app", "INSERT INTO t VALUES (4711000)");
      String end = postgres.query("SELECT pg_current_wal_insert_lsn()").value();
      Path file = directory.resolve("changes");

      run(
          sluice,
          "pg_recvlogical",
          "--dbname=app",
          "--start",
          "--slot=changes",
          "--option=proto_version=1",
          "--option=publication_names=p",
          "--endpos=" + end,
          "--no-loop",
          "--file=" + file);

      assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
          .contains("4711000");
      run(sluice, "pg_recvlogical", "--dbname=app", "--drop-slot", "--slot=changes");
    }
  }

  private static void run(SluiceProcess sluice, String tool, String... options) {
    List<String> words = new ArrayList<>();
    words.add(tool);
    words.addAll(
        List.of(
            "--host=127.0.0.1", "--port=" + sluice.port(), "--username=postgres", "--no-password"));
    words.addAll(List.of(options));
    try {
      CommandResult result = Command.of(words).run(LIMIT);
      assertThat(result.isSuccess()).describedAs("%s: %s", words, result.output()).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
