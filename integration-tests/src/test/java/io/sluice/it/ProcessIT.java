package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The process as an operator sees it: signals, pidfile, a second instance, reload. */
@ExtendWith(PostgresExtension.class)
class ProcessIT {
  @Test
  void sigtermWaitsForTheClients(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres)) {
      WireClient client = sluice.login("postgres", "postgres");
      client.query("BEGIN");

      sluice.signal("TERM");

      sluice.log().await("got SIGTERM, shutting down, waiting for all clients disconnect");
      Eventually.await("refuses new clients", () -> !accepts(sluice));
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
      client.query("COMMIT");
      client.close();
      assertThat(sluice.awaitExit()).isZero();
      sluice.log().await("client connections dropped, exiting");
    }
  }

  @Test
  void sigintWaitsForTheServers(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres)) {
      WireClient busy = sluice.login("postgres", "postgres");
      WireClient idle = sluice.login("postgres", "postgres");
      busy.query("BEGIN");

      sluice.signal("INT");

      sluice
          .log()
          .await("got SIGINT, shutting down, waiting for all servers connections to be released");
      assertThatThrownBy(() -> idle.query("SELECT 1"))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: server shutting down (08P01)");
      assertThat(busy.query("SELECT 7").number()).isEqualTo(7);
      busy.query("COMMIT");
      assertThat(sluice.awaitExit()).isZero();
      sluice.log().await("server connections dropped, exiting");
      busy.close();
      idle.close();
    }
  }

  @Test
  void aSecondSigtermEndsAtOnce(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres);
        WireClient client = sluice.login("postgres", "postgres")) {
      sluice.signal("TERM");
      sluice.log().await("got SIGTERM, shutting down");

      sluice.signal("TERM");

      assertThat(sluice.awaitExit()).isZero();
      sluice.log().await("got SIGTERM while shutting down, fast exit");
      client.expectClosed();
    }
  }

  @Test
  void sigusr1PausesAndSigusr2Resumes(EmbeddedPostgres postgres) throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    try (SluiceProcess sluice = start(postgres);
        PoolCounts pools = PoolCounts.of(sluice, database.name());
        WireClient client = sluice.login("postgres", database.name())) {
      client.query("SELECT 1");
      sluice.signal("USR1");
      sluice.log().await("got SIGUSR1, pausing all activity");
      database.awaitConnections(0);
      client.send(query("SELECT 7"));
      pools.await("cl_waiting", 1);

      sluice.signal("USR2");

      sluice.log().await("got SIGUSR2, continuing from PAUSE");
      assertThat(client.readResult().number()).isEqualTo(7);
    }
  }

  @Test
  void sighupReloads(EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config = SluiceConfig.before(postgres);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      sluice.write(config.set("default_pool_size", 17));

      sluice.signal("HUP");

      sluice.log().await("got SIGHUP, re-reading config");
      Eventually.await("17 is in force", () -> setting(sluice, "default_pool_size").equals("17"));
    }
  }

  @Test
  void aReloadWithAMistakeChangesNothing(EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config = SluiceConfig.before(postgres).set("default_pool_size", 7);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client = sluice.login("postgres", "postgres")) {
      sluice.write(
          config
              .set("default_pool_size", 17)
              .set("query_wait_timeout", "soon")
              .withoutUser("postgres"));

      assertThatThrownBy(() -> consoleQuery(sluice, "RELOAD"))
          .isInstanceOf(WireError.class)
          .hasMessage("ERROR: RELOAD failed, see logs for additional details (F0000)");

      assertThat(setting(sluice, "default_pool_size")).isEqualTo("7");
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
      sluice.login("postgres", "postgres").close();
      assertThat(sluice.log().matching("query_wait_timeout")).isNotEmpty();
    }
  }

  @Test
  void aReloadReturnsWhatTheConsoleHasSet(EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config = SluiceConfig.before(postgres).set("default_pool_size", 7);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      consoleQuery(sluice, "SET default_pool_size = 9");
      assertThat(setting(sluice, "default_pool_size")).isEqualTo("9");

      sluice.reload(config);

      assertThat(setting(sluice, "default_pool_size")).isEqualTo("7");
    }
  }

  @Test
  void writesAndRemovesThePidfile(EmbeddedPostgres postgres) throws Exception {
    Path pidfile = Files.createTempDirectory("sluice-it-pid-").resolve("pid");
    requireNonNull(pidfile.getParent()).toFile().setWritable(true, false);
    pidfile.getParent().toFile().setReadable(true, false);
    pidfile.getParent().toFile().setExecutable(true, false);
    try (SluiceProcess sluice =
        SluiceProcess.start(SluiceConfig.before(postgres).set("pidfile", pidfile))) {
      assertThat(Files.readString(pidfile)).isEqualTo(sluice.pid() + "\n");

      SluiceProcess second =
          SluiceProcess.launch(SluiceConfig.before(postgres).set("pidfile", pidfile));
      assertThat(second.awaitExit()).isEqualTo(1);
      second.log().await("pidfile '.*' exists, another instance running\\?");
      second.close();

      sluice.signal("TERM");
      assertThat(sluice.awaitExit()).isZero();
      assertThat(pidfile).doesNotExist();
    } finally {
      Files.deleteIfExists(pidfile);
      Files.delete(pidfile.getParent());
    }
  }

  @Test
  void refusesASecondInstanceOnTheSameSocket(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres)) {
      SluiceProcess second =
          SluiceProcess.launch(
              SluiceConfig.before(postgres)
                  .set("listen_port", sluice.port())
                  .set("unix_socket_dir", sluice.directory()));

      assertThat(second.awaitExit()).isEqualTo(1);

      second.log().await("unix socket is in use, cannot continue");
      second.close();
      sluice.login("postgres", "postgres").close();
    }
  }

  @Test
  void refusesToStartWithAMistake(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.launch(SluiceConfig.before(postgres).set("pool_mode", "sometimes"))) {
      assertThat(sluice.awaitExit()).isEqualTo(1);

      sluice.log().await("pool_mode.*sometimes");
    }
  }

  private static boolean accepts(SluiceProcess sluice) {
    try {
      WireClient.connect(sluice.tcp()).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String setting(SluiceProcess sluice, String name) throws IOException {
    try (WireClient console = sluice.console()) {
      return String.valueOf(console.query("SHOW CONFIG").value("value", "key", name));
    }
  }

  private static void consoleQuery(SluiceProcess sluice, String sql) throws IOException {
    try (WireClient console = sluice.console()) {
      console.query(sql);
    }
  }

  private static SluiceProcess start(EmbeddedPostgres postgres) throws Exception {
    return SluiceProcess.start(SluiceConfig.before(postgres).set("pool_mode", "transaction"));
  }
}
