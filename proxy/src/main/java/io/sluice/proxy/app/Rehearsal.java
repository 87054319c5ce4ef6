package io.sluice.proxy.app;

import io.sluice.protocol.scram.ScramSecret;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.logging.LogSettings;
import io.sluice.proxy.logging.Logging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short life without an audience, on a port that nobody knows: what the JVM has loaded by its end
 * goes into an archive, from which real starts load it faster.
 */
final class Rehearsal {
  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

  /** A query that a client sends again and again goes more ways than one. */
  private static final int QUERIES = 10;

  /** From this Java on an archive also holds what it knows of methods that are called often. */
  private static final int PROFILES_SINCE = 25;

  private static final int STARTING_MILLIS = 30_000;
  private static final int LASTING_CLIENTS = 3;
  private static final int QUERIES_OF_EACH = 20_000;

  private static final String PASSWORD = "secret";

  /** Nobody has to be kept from guessing this password. */
  private static final int FEW_ITERATIONS = 16;

  /** The users, one for each way to log in. */
  private static final String MD5_USER = "md5";

  private static final String SCRAM_USER = "scram";
  private static final String PLAIN_SCRAM_USER = "plain";
  private static final String TRUSTED_USER = "trusted";

  private Rehearsal() {}

  /**
   * Starts a pooler as every start does, has it serve queries, asks its console a question, and
   * ends it.
   *
   * @throws IOException if any of it fails
   */
  static void run(Startup.ServiceFactory factory) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("sluice-rehearsal-");
    try (RehearsalPostgres postgres = RehearsalPostgres.open()) {
      InetSocketAddress pooler = freeAddress();
      play(pooler, writeConfig(directory, pooler.getPort(), postgres.port()), factory);
    } finally {
      Logging.configure(LogSettings.toStderr());
      remove(directory);
    }
  }

  /** An address that nobody listens on, as the pooler cannot choose one by itself. */
  private static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket found = new ServerSocket(0, 1, RehearsalPostgres.host())) {
      return new InetSocketAddress(found.getInetAddress(), found.getLocalPort());
    }
  }

  private static void play(InetSocketAddress pooler, Path config, Startup.ServiceFactory factory)
      throws IOException, InterruptedException {
    CompletableFuture<Service> made = new CompletableFuture<>();
    Arguments.Run arguments = (Arguments.Run) Arguments.parse("-q", config.toString());
    CompletableFuture<Void> audience = made.thenAcceptAsync(service -> watch(service, pooler));
    try {
      Launch launch = Launch.of(System.getProperties());
      Startup.ServiceFactory telling =
          (loaded, source) -> {
            Service service = factory.make(loaded, source);
            made.complete(service);
            return service;
          };
      // Without the environment: what it asks of poolers is not for this one.
      new Startup(arguments, launch, Map.of(), telling).rehearse();
    } catch (StartFailure e) {
      throw new IOException(e.getMessage(), e);
    }
    try {
      audience.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** The life of a pooler as its clients see it, from its first moment to its end. */
  private static void watch(Service service, InetSocketAddress pooler) {
    try {
      awaitListener(pooler);
      for (int i = 0; i < QUERIES; i++) {
        for (String user : List.of(PLAIN_SCRAM_USER, TRUSTED_USER, SCRAM_USER, MD5_USER)) {
          ask(pooler, user, "rehearsal", 1);
        }
      }
      if (Runtime.version().feature() >= PROFILES_SINCE) {
        askAtOnce(pooler);
      }
      ask(pooler, MD5_USER, "pgbouncer", 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      service.exitNow();
    }
  }

  private static void awaitListener(InetSocketAddress pooler)
      throws IOException, InterruptedException {
    for (int i = 1; ; i++) {
      try (PostgresProbe probe = PostgresProbe.connect(pooler)) {
        log.debug("the pooler is up, {}", probe);
        return;
      } catch (IOException notYet) {
        if (i == STARTING_MILLIS) {
          throw notYet;
        }
        Thread.sleep(1);
      }
    }
  }

  /** More clients than servers: what is known of the query's path is what it is under load. */
  private static void askAtOnce(InetSocketAddress pooler) throws InterruptedException {
    Thread[] clients = new Thread[LASTING_CLIENTS];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = new Thread(() -> askOften(pooler), "rehearsal-client-" + i);
      clients[i].start();
    }
    for (Thread client : clients) {
      client.join();
    }
  }

  private static void askOften(InetSocketAddress pooler) {
    try {
      ask(pooler, SCRAM_USER, "rehearsal", QUERIES_OF_EACH);
    } catch (IOException e) {
      log.warn("the rehearsal is shorter than it should be", e);
    }
  }

  private static void ask(InetSocketAddress pooler, String user, String database, int times)
      throws IOException {
    String sql = database.equals("pgbouncer") ? "SHOW VERSION" : "SELECT 1";
    try (PostgresProbe probe = PostgresProbe.connect(pooler)) {
      probe.ask(new PostgresProbe.Login(database, user, new Credentials(PASSWORD)), sql, times);
    }
  }

  private static Path writeConfig(Path directory, int port, int postgresPort) throws IOException {
    String secret = ScramSecret.derive(PASSWORD, new byte[16], FEW_ITERATIONS).print();
    Files.writeString(
        directory.resolve("userlist.txt"),
        """
        "md5" "%1$s"
        "scram" "%2$s"
        "plain" "%1$s"
        "trusted" ""
        """
            .formatted(PASSWORD, secret));
    Files.writeString(
        directory.resolve("hba.conf"),
        """
        host all md5 127.0.0.1/32 md5
        host all trusted 127.0.0.1/32 trust
        host all all 127.0.0.1/32 scram-sha-256
        """);
    String text =
        """
        [databases]
        rehearsal = host=127.0.0.1 port=%2$d user=nobody
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %3$d
        unix_socket_dir = %1$s
        auth_type = hba
        auth_hba_file = %1$s/hba.conf
        scram_iterations = %4$d
        auth_file = %1$s/userlist.txt
        admin_users = md5
        pool_mode = transaction
        default_pool_size = 1
        logfile = %1$s/log
        pidfile = %1$s/pid
        """
            .formatted(directory, postgresPort, port, FEW_ITERATIONS);
    return Files.writeString(directory.resolve("rehearsal.ini"), text);
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
