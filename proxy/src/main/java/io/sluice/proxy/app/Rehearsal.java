package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.catalog.AuthFile;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.lifecycle.PidFile;
import io.sluice.proxy.lifecycle.Signals;
import io.sluice.proxy.lifecycle.SystemdNotify;
import io.sluice.proxy.logging.LogSettings;
import io.sluice.proxy.logging.Logging;
import io.sluice.proxy.os.FileLimit;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short life without an audience, on a Unix socket in a temporary directory: what the JVM has
 * loaded by its end goes into an archive, from which real starts load it faster.
 */
final class Rehearsal {
  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
  private static final int PORT = 6432;
  private static final int POSTGRES_PORT = 5432;

  /** A query that a client sends again and again goes more ways than one. */
  private static final int QUERIES = 20;

  /** From this Java on an archive also holds what it knows of methods that are called often. */
  private static final int PROFILES_SINCE = 25;

  private static final int LASTING_CLIENTS = 3;
  private static final int QUERIES_OF_EACH = 20_000;

  private Rehearsal() {}

  /**
   * Starts a pooler, has it serve queries, asks its console a question, and ends it.
   *
   * @throws IOException if any of it fails
   */
  static void run() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("sluice-rehearsal-");
    try {
      Logging.configure(
          new LogSettings(0, LogSettings.Stderr.NONE, directory.resolve("log"), null));
      try (RehearsalPostgres postgres = RehearsalPostgres.open(directory, POSTGRES_PORT)) {
        play(directory, config(directory, postgres.port()));
      }
    } finally {
      Logging.configure(LogSettings.toStderr());
      remove(directory);
    }
  }

  private static void play(Path directory, ProxyConfig config)
      throws IOException, InterruptedException {
    PidFile pidFile = new PidFile(directory.resolve("pid"));
    pidFile.check();
    FileLimit.raise();
    Arguments.Run arguments = (Arguments.Run) Arguments.parse("-q", "none.ini");
    FileSource source = new FileSource(arguments.configFile(), Map.of(), LogChoice.of(arguments));
    Service service = Wiring.service(config, source);
    new Signals(service, SystemdNotify.in(Map.of())).install(false);
    service.start();
    familiarize(config, service, directory);
    pidFile.write();
    Path socket = directory.resolve(".s.PGSQL." + PORT);
    try {
      for (int i = 0; i < QUERIES; i++) {
        ask(socket, "rehearsal", "SELECT 1", 1);
      }
      if (Runtime.version().feature() >= PROFILES_SINCE) {
        askAtOnce(socket);
      }
      ask(socket, "pgbouncer", "SHOW VERSION", 1);
    } finally {
      service.exitNow();
      service.awaitEnd();
      pidFile.remove();
    }
  }

  /** What a start does beside, in {@link Startup}. */
  private static void familiarize(ProxyConfig config, Service service, Path directory) {
    FileUse.expected(config, 0);
    AuthFile.read(directory.resolve("log"));
    log.debug("rehearsing {} {}", VersionText.line(service.transport()), VersionText.lines());
  }

  /** More clients than servers: what is known of the query's path is what it is under load. */
  private static void askAtOnce(Path socket) throws InterruptedException {
    Thread[] clients = new Thread[LASTING_CLIENTS];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = new Thread(() -> askOften(socket), "rehearsal-client-" + i);
      clients[i].start();
    }
    for (Thread client : clients) {
      client.join();
    }
  }

  private static void askOften(Path socket) {
    try {
      ask(socket, "rehearsal", "SELECT 1", QUERIES_OF_EACH);
    } catch (IOException e) {
      log.warn("the rehearsal is shorter than it should be", e);
    }
  }

  private static void ask(Path socket, String database, String sql, int times) throws IOException {
    try (PostgresProbe probe = PostgresProbe.connect(UnixDomainSocketAddress.of(socket))) {
      probe.ask(new PostgresProbe.Login(database, "rehearsal", new Credentials("")), sql, times);
    }
  }

  private static ProxyConfig config(Path directory, int postgresPort) throws IOException {
    String text =
        """
        [databases]
        rehearsal = host=%s port=%d user=nobody
        [pgbouncer]
        listen_addr =
        listen_port = %d
        unix_socket_dir = %s
        auth_type = any
        admin_users = rehearsal
        pool_mode = transaction
        default_pool_size = 1
        """
            .formatted(directory, postgresPort, PORT, directory);
    Path file = directory.resolve("rehearsal.ini");
    Files.writeString(file, text);
    if (ConfigLoader.load(file, System.getenv()) instanceof Result.Loaded loaded) {
      return loaded.config();
    }
    throw new IOException("the rehearsal's configuration is refused");
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
