package io.sluice.demo.postgres;

import io.sluice.demo.process.ChildPlan;
import io.sluice.demo.process.ChildProcess;
import io.sluice.demo.process.DeathWatch;
import io.sluice.demo.process.Signal;
import io.sluice.demo.process.Unprivileged;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireResult;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL in a temporary directory, with the superuser {@code postgres}, on a free port
 * of 127.0.0.1 and on a Unix socket of the same number. The port stays the same over stops and
 * starts. It ends, and its directory goes, with {@link #close()} or with this JVM, however that
 * ends.
 *
 * <p>Not thread-safe but for {@link #query(String)} and the getters.
 */
public final class EmbeddedPostgres implements Closeable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final int MAX_PORTS = 5;
  private static final String PORT_TAKEN = "Address already in use";

  private final PostgresOptions options;
  private final PostgresBinaries binaries;
  private final Unprivileged unprivileged;
  private final ClusterDirectory directory;
  private final DeathWatch watch;
  private int port;
  private @Nullable ChildProcess process;

  private EmbeddedPostgres(
      PostgresOptions options,
      PostgresBinaries binaries,
      Unprivileged unprivileged,
      ClusterDirectory directory,
      DeathWatch watch) {
    this.options = options;
    this.binaries = binaries;
    this.unprivileged = unprivileged;
    this.directory = directory;
    this.watch = watch;
  }

  /** Starts the newest PostgreSQL at hand and waits until it answers. */
  public static EmbeddedPostgres start() throws IOException {
    return start(PostgresOptions.DEFAULT);
  }

  /**
   * Starts a PostgreSQL and waits until it answers.
   *
   * @throws IOException when there are no binaries of that version, or it does not start; the
   *     message has PostgreSQL's log
   */
  public static EmbeddedPostgres start(PostgresOptions options) throws IOException {
    PostgresBinaries binaries = PostgresBinaries.find(options.version());
    Unprivileged unprivileged = Unprivileged.anyhow();
    DeathWatch watch = DeathWatch.start();
    ClusterDirectory directory = ClusterDirectory.create();
    watch.remove(directory.root());
    EmbeddedPostgres postgres =
        new EmbeddedPostgres(options, binaries, unprivileged, directory, watch);
    try {
      directory.initialize(binaries, unprivileged);
      directory.admit(options.hba());
      postgres.startOnFreePort();
      return postgres;
    } catch (IOException | RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  /** Starts PostgreSQL again on its port, after a stop or a kill, and waits until it answers. */
  public void startAgain() throws IOException {
    if (isRunning()) {
      throw new IllegalStateException("is running: " + this);
    }
    launch();
    awaitAnswer();
  }

  /** Stops PostgreSQL and waits for its end; does nothing when it does not run. */
  public void stop(StopMode mode) throws IOException {
    ChildProcess running = process;
    if (running == null || !running.isRunning()) {
      return;
    }
    running.signal(mode.signal());
    if (running.awaitExit(STOP_LIMIT).isEmpty()) {
      throw new IOException("PostgreSQL did not stop:\n" + directory.readLog());
    }
  }

  /** Stops in mode {@code FAST} and starts again on the same port. */
  public void restart() throws IOException {
    stop(StopMode.FAST);
    startAgain();
  }

  /** Ends all processes of PostgreSQL at once, as a power cut would. */
  public void kill9() throws IOException {
    if (process != null) {
      process.kill9();
    }
  }

  /** Sends the postmaster a signal: {@code HUP}, {@code STOP}, {@code CONT}, … */
  public void signal(String name) throws IOException {
    Signal.send(pid(), name);
  }

  /** Replaces the first lines of {@code pg_hba.conf}; new connections meet them from now on. */
  public void admit(String... hba) throws IOException {
    directory.admit(List.of(hba));
    reload();
  }

  /** Has PostgreSQL read its files again, and waits until new connections see that. */
  public void reload() throws IOException {
    String before = loadTime();
    signal("HUP");
    long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
    while (loadTime().equals(before)) {
      pause(deadlineNs, "did not read its files again");
    }
  }

  /** Makes a role that may log in without a password where {@code pg_hba.conf} trusts. */
  public void createRole(String name) throws IOException {
    query("CREATE ROLE " + identifier(name) + " LOGIN");
  }

  /** Makes a role that may log in with a password. */
  public void createRole(String name, String password) throws IOException {
    query("CREATE ROLE " + identifier(name) + " LOGIN PASSWORD " + literal(password));
  }

  /** Makes an empty database that everybody may create tables in. */
  public void createDatabase(String name) throws IOException {
    query("CREATE DATABASE " + identifier(name));
    query(name, "GRANT ALL ON SCHEMA public TO PUBLIC");
  }

  /** Runs SQL as the superuser in database {@code postgres}, on a connection of its own. */
  public WireResult query(String sql) throws IOException {
    return query("postgres", sql);
  }

  /** Runs SQL as the superuser in a database, on a connection of its own. */
  public WireResult query(String database, String sql) throws IOException {
    try (WireClient client = login("postgres", database)) {
      return client.query(sql);
    }
  }

  /** Logs in over the Unix socket, without a password. */
  public WireClient login(String user, String database) throws IOException {
    return WireClient.login(unix(), WireLogin.of(user, database));
  }

  /** Ends PostgreSQL at once and removes its directory. */
  @Override
  public void close() throws IOException {
    try {
      stop(StopMode.IMMEDIATE);
    } catch (IOException e) {
      kill9();
    } finally {
      Directories.delete(directory.root());
      watch.close();
    }
  }

  /** Tells whether the postmaster is alive. */
  public boolean isRunning() {
    return process != null && process.isRunning();
  }

  /** Returns the TCP port, which is also the number in the Unix socket's name. */
  public int port() {
    return port;
  }

  /** Returns the postmaster's process id. */
  public long pid() throws IOException {
    if (process == null) {
      throw new IllegalStateException("never started: " + this);
    }
    return process.pid();
  }

  /** Returns the directory of the Unix socket. */
  public Path socketDirectory() {
    return directory.socket();
  }

  /** Returns the directory that holds everything. */
  public Path root() {
    return directory.root();
  }

  /** Returns the address of the TCP port. */
  public WireAddress tcp() {
    return WireAddress.tcp("127.0.0.1", port);
  }

  /** Returns the address of the Unix socket. */
  public WireAddress unix() {
    return WireAddress.unix(directory.socket(), port);
  }

  /** Returns the version of the binaries. */
  public PostgresVersion version() {
    return binaries.version();
  }

  /** Returns what PostgreSQL has written to its log. */
  public String log() throws IOException {
    return directory.readLog();
  }

  private void startOnFreePort() throws IOException {
    for (int left = MAX_PORTS; ; left--) {
      port = FreePort.find();
      directory.configure(options, port);
      launch();
      try {
        awaitAnswer();
        return;
      } catch (IOException e) {
        if (left == 1 || !directory.readLog().contains(PORT_TAKEN)) {
          throw e;
        }
      }
    }
  }

  private void launch() throws IOException {
    List<String> command = List.of(binaries.program("postgres"), "-D", directory.data().toString());
    process =
        ChildProcess.start(
            new ChildPlan(
                ClusterDirectory.PROCESS,
                directory.root(),
                command,
                Map.of(),
                unprivileged,
                StopMode.IMMEDIATE.signal()),
            watch);
  }

  private void awaitAnswer() throws IOException {
    long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers()) {
      if (!isRunning()) {
        throw new IOException("PostgreSQL did not start:\n" + directory.readLog());
      }
      pause(deadlineNs, "does not answer");
    }
  }

  private boolean answers() {
    try (WireClient client = login("postgres", "postgres")) {
      return client.transactionStatus() == 'I';
    } catch (IOException | WireError e) {
      // Not there yet, or 57P03: the database system is starting up.
      return false;
    }
  }

  private String loadTime() throws IOException {
    return String.valueOf(query("SELECT pg_conf_load_time()").value());
  }

  private void pause(long deadlineNs, String failure) throws IOException {
    if (System.nanoTime() > deadlineNs) {
      throw new IOException("PostgreSQL " + failure + ":\n" + directory.readLog());
    }
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for PostgreSQL", e);
    }
  }

  private static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public String toString() {
    return "PostgreSQL " + binaries.version() + " on port " + port + " in " + directory.root();
  }
}
