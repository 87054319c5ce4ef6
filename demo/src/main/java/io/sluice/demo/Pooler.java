package io.sluice.demo;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.process.ChildPlan;
import io.sluice.demo.process.ChildProcess;
import io.sluice.demo.process.DeathWatch;
import io.sluice.demo.process.Unprivileged;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Sluice as its users run it, a process of its own started by the launcher, in a temporary
 * directory with its configuration and its log.
 */
final class Pooler implements Closeable {
  /** The database, and the user who may also use the console. */
  static final String NAME = "demo";

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final int SPARE_CLIENTS = 20;

  private final Path directory;
  private final int port;
  private final ChildProcess process;
  private final DeathWatch watch;

  private Pooler(Path directory, int port, ChildProcess process, DeathWatch watch) {
    this.directory = directory;
    this.port = port;
    this.process = process;
    this.watch = watch;
  }

  /** Starts Sluice before a PostgreSQL; it need not answer yet. */
  static Pooler start(DemoOptions options, EmbeddedPostgres postgres) throws IOException {
    Path launcher = SourceTree.launcher();
    Unprivileged user = Unprivileged.anyhow();
    int port = FreePort.isFree(options.port) ? options.port : FreePort.find();
    DeathWatch watch = DeathWatch.start();
    Path directory = Files.createTempDirectory("sluice-demo-");
    watch.remove(directory);
    Directories.openToAll(directory);
    Path config = directory.resolve("sluice.ini");
    Files.writeString(config, configuration(options, postgres.port(), directory, port));
    Files.writeString(directory.resolve("userlist.txt"), "\"" + NAME + "\" \"\"\n");
    user.own(directory);
    ChildPlan plan =
        new ChildPlan(
            "sluice",
            directory,
            List.of(launcher.toString(), config.toString()),
            Map.of(),
            user,
            "KILL");
    return new Pooler(directory, port, ChildProcess.start(plan, watch), watch);
  }

  /** Waits until Sluice answers. */
  void awaitAnswer() throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers()) {
      if (!process.isRunning() || System.nanoTime() > deadlineNs) {
        throw new IOException("Sluice did not start:\n" + log());
      }
      Thread.sleep(20);
    }
  }

  /** Logs in to a database of Sluice's. */
  WireClient login(String database) throws IOException {
    WireAddress address = WireAddress.tcp("127.0.0.1", port);
    return WireClient.login(address, WireLogin.of(NAME, database));
  }

  /** Ends Sluice without waiting for its clients and removes its directory. */
  @Override
  public void close() throws IOException {
    try {
      if (process.isRunning()) {
        // The second one means: at once.
        process.signal("TERM");
        process.signal("TERM");
      }
      if (process.awaitExit(STOP_LIMIT).isEmpty()) {
        process.kill9();
      }
    } catch (IOException e) {
      // It ended between two signals, or does not listen to them.
      process.kill9();
    } finally {
      Directories.delete(directory);
      watch.close();
    }
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  /** Returns what Sluice has logged. */
  String log() throws IOException {
    Path file = directory.resolve("sluice.log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private boolean answers() {
    try (WireClient console = login("pgbouncer")) {
      return console.transactionStatus() == 'I';
    } catch (IOException | WireError e) {
      return false;
    }
  }

  private static String configuration(
      DemoOptions options, int postgresPort, Path directory, int port) {
    return String.format(
        """
        ;; A PgBouncer configuration, read by Sluice. After a change: RELOAD on the console.
        [databases]
        %1$s = host=127.0.0.1 port=%2$d dbname=%1$s

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %3$d
        unix_socket_dir = %4$s
        auth_type = trust
        auth_file = %4$s/userlist.txt
        admin_users = %1$s
        pool_mode = transaction
        default_pool_size = %5$d
        max_client_conn = %6$d
        log_connections = 0
        log_disconnections = 0
        """,
        NAME, postgresPort, port, directory, options.poolSize, options.clientCount + SPARE_CLIENTS);
  }

  @Override
  public String toString() {
    return "Sluice on port " + port;
  }
}
