package io.sluice.it;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.process.ChildPlan;
import io.sluice.demo.process.ChildProcess;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sluice as its users run it: {@code ./sluice CONFIG}, with leak detection at paranoid level, in a
 * directory of its own. Its end is a test too: {@link #close()} fails when a buffer leaked, a stack
 * trace stands in the log, or the process did not exit with 0.
 *
 * <p>Sluice refuses to run as root. When the tests do, it runs as user nobody and not in a user
 * namespace, because what a Unix socket tells of its peers must be what it is for other programs.
 */
final class SluiceProcess implements Closeable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Twenty records: where a leaked buffer was touched last. */
  private static final String JAVA_OPTIONS =
      "-Dio.netty.leakDetection.level=paranoid -Dio.netty.leakDetection.targetRecords=20"
          + " -Dio.netty.buffer.checkBounds=true -Dio.netty.buffer.checkAccessible=true -ea";

  private final Path directory;
  private final int port;
  private final Unprivileged user;
  private final ChildProcess process;
  private final DeathWatch watch;

  private SluiceProcess(
      Path directory, int port, Unprivileged user, ChildProcess process, DeathWatch watch) {
    this.directory = directory;
    this.port = port;
    this.user = user;
    this.process = process;
    this.watch = watch;
  }

  /** Starts Sluice on a free port, in front of a configuration, and waits until it is up. */
  static SluiceProcess start(SluiceConfig config, String... options) throws Exception {
    SluiceProcess sluice = launch(config, options);
    try {
      sluice.awaitUp();
      return sluice;
    } catch (Exception | AssertionError e) {
      sluice.discard();
      throw e;
    }
  }

  /** Starts Sluice and does not wait: for configurations that it refuses. */
  static SluiceProcess launch(SluiceConfig config, String... options) throws IOException {
    Unprivileged user = Unprivileged.asOtherUser();
    Path directory = Files.createTempDirectory("sluice-it-");
    Directories.openToAll(directory);
    DeathWatch watch = DeathWatch.start();
    watch.remove(directory);
    int port = FreePort.find();
    write(config, directory, port);
    List<String> command = new ArrayList<>();
    command.add(SluiceInstallation.launcher(user, directory.resolve("copy")).toString());
    command.addAll(List.of(options));
    command.add(directory.resolve("sluice.ini").toString());
    user.own(directory);
    ChildPlan plan =
        new ChildPlan(
            "sluice",
            directory,
            command,
            Map.of("SLUICE_JAVA_OPTS", JAVA_OPTIONS, "HOME", directory.toString()),
            user,
            "KILL");
    return new SluiceProcess(directory, port, user, ChildProcess.start(plan, watch), watch);
  }

  /** Writes another configuration to the same files; nothing reads it until RELOAD. */
  void write(SluiceConfig config) throws IOException {
    write(config, directory, port);
  }

  /** Writes another configuration and has the console reload it. */
  void reload(SluiceConfig config) throws IOException {
    write(config);
    try (WireClient console = console()) {
      console.query("RELOAD");
    }
  }

  /** Logs in to a database over TCP. */
  WireClient login(String user, String database) throws IOException {
    return WireClient.login(tcp(), WireLogin.of(user, database));
  }

  /** Logs in to the console as its administrator, over TCP. */
  WireClient console() throws IOException {
    return login(SluiceConfig.ADMIN, "pgbouncer");
  }

  /** Sends the process a signal: {@code HUP}, {@code TERM}, {@code USR1}, … */
  void signal(String name) throws IOException {
    process.signal(name);
  }

  /** Waits for the end of the process and returns its exit status. */
  int awaitExit() throws IOException {
    return process
        .awaitExit(PATIENCE)
        .orElseThrow(() -> new AssertionError("still runs:\n" + logText()));
  }

  /** Runs a program as the user that Sluice runs as. */
  CommandResult runAsSameUser(List<String> command) throws IOException {
    return Command.of(user.command(command)).in(directory).run(PATIENCE);
  }

  /** Ends Sluice as a second SIGTERM does, and looks at what it left. */
  @Override
  public void close() throws IOException {
    try {
      if (process.isRunning()) {
        revealLeaks();
        stop();
      }
      log()
          .complaint()
          .ifPresent(
              line -> {
                throw new AssertionError(line + "\nin the log:\n" + logText());
              });
    } finally {
      discard();
    }
  }

  /** Returns the TCP port. */
  int port() {
    return port;
  }

  /** Returns the address of the TCP port. */
  WireAddress tcp() {
    return WireAddress.tcp("127.0.0.1", port);
  }

  /** Returns the address of the Unix socket. */
  WireAddress unix() {
    return WireAddress.unix(directory, port);
  }

  /** Returns the directory of the configuration, the Unix socket and the log. */
  Path directory() {
    return directory;
  }

  /** Returns what Sluice writes to its standard output and error. */
  LogFile log() {
    return new LogFile(directory.resolve("sluice.log"));
  }

  /** Tells whether the process runs. */
  boolean isRunning() {
    return process.isRunning();
  }

  /** Returns the process id that the launcher was started with. */
  long pid() throws IOException {
    return process.pid();
  }

  private void awaitUp() throws Exception {
    Eventually.await(
        "Sluice is up",
        () -> {
          if (!process.isRunning()) {
            throw new AssertionError("Sluice did not start:\n" + logText());
          }
          return !log().matching("process up: ").isEmpty();
        },
        PATIENCE);
  }

  /**
   * Netty reports a leak when the garbage collector has found the buffer and another one is made.
   * Where there is no {@code jcmd}, or the console does not answer, leaks that came late stay
   * unseen.
   */
  private void revealLeaks() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      runAsSameUser(List.of(jcmd.toString(), Long.toString(pid()), "GC.run"));
      try (WireClient console = WireClient.connect(tcp()).patience(Duration.ofSeconds(5))) {
        console.login(WireLogin.of(SluiceConfig.ADMIN, "pgbouncer"));
        console.query("SHOW VERSION");
      }
    } catch (IOException | WireError e) {
      System.err.println("no late look for leaks: " + e.getMessage());
    }
  }

  private void stop() throws IOException {
    try {
      signal("TERM");
      if (process.awaitExit(Duration.ofMillis(200)).isEmpty()) {
        signal("TERM");
      }
    } catch (IOException e) {
      // It ended between the question and the signal.
    }
    int status = awaitExit();
    if (status != 0) {
      throw new AssertionError("exit status " + status + ":\n" + logText());
    }
  }

  private void discard() throws IOException {
    process.kill9();
    Directories.delete(directory);
    watch.close();
  }

  private String logText() {
    try {
      return String.join("\n", log().lines());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void write(SluiceConfig config, Path directory, int port) throws IOException {
    Files.writeString(directory.resolve("sluice.ini"), config.ini(directory, port));
    Files.writeString(directory.resolve("userlist.txt"), config.userList());
  }

  @Override
  public String toString() {
    return "Sluice on port " + port + " in " + directory;
  }
}
