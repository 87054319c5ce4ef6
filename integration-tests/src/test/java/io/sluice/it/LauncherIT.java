package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import io.sluice.demo.process.DeathWatch;
import io.sluice.demo.process.Signal;
import io.sluice.demo.process.Unprivileged;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The launcher with the real pooler: background, users, log, signals, check. */
@ExtendWith(PostgresExtension.class)
class LauncherIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Unprivileged user;
  private final DeathWatch watch;
  private Path directory = Path.of("");
  private Path launcher = Path.of("");
  private int port;

  LauncherIT() throws IOException {
    user = Unprivileged.asOtherUser();
    watch = DeathWatch.start();
  }

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createTempDirectory("sluice-it-launcher-");
    watch.remove(directory);
    watch.killNamedBy(pidFile(), "KILL");
    Directories.openToAll(directory);
    launcher = SluiceInstallation.launcher(user, directory.resolve("copy"));
    port = FreePort.find();
    write(config());
  }

  @AfterEach
  void tidyUp() throws Exception {
    if (Files.exists(pidFile())) {
      stop("QUIT");
    }
    Directories.delete(directory);
    watch.close();
  }

  @Test
  void leavesTheTerminalOnceItIsUp() throws Exception {
    CommandResult result = run("-d", "sluice.ini");

    assertThat(result.isSuccess()).as(result.output()).isTrue();
    assertThat(result.output()).isEmpty();
    Path process = Path.of("/proc", Long.toString(pid()));
    for (String stream : List.of("0", "1", "2")) {
      assertThat(link(process.resolve("fd").resolve(stream))).isEqualTo("/dev/null");
    }
    assertThat(sessionOf(process)).isEqualTo(pid());
    assertThat(version()).startsWith("PgBouncer ");
    stop("TERM");
    assertThat(pidFile()).doesNotExist();
    assertThat(log().matching("process up: PgBouncer ")).hasSize(1);
  }

  @Test
  void saysWhyTheDaemonDidNotStart() throws Exception {
    write(config().set("listen_addr", "203.0.113.1").set("unix_socket_dir", ""));

    CommandResult result = run("-d", "sluice.ini");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("FATAL", "203.0.113.1");
    assertThat(pidFile()).doesNotExist();
  }

  @Test
  void needsAPidfileForADaemon() throws Exception {
    write(config().set("pidfile", ""));

    CommandResult result = run("-d", "sluice.ini");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("daemon needs pidfile configured");
  }

  @Test
  void endsAtOnceAndTidilyOnSigquit() throws Exception {
    run("-d", "sluice.ini");
    try (WireClient client = console()) {
      stop("QUIT");
      client.expectClosed();
    }
    assertThat(log().matching("got SIGQUIT, fast exit")).hasSize(1);
    assertThat(pidFile()).doesNotExist();
    assertThat(directory.resolve(".s.PGSQL." + port)).doesNotExist();
  }

  @Test
  void hearsSignalsFromTheBackgroundOfAScript() throws Exception {
    String script = "nohup \"$@\" >/dev/null 2>&1 & wait $!";
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.addAll(List.of(launcher.toString(), "sluice.ini"));
    Process shell = new ProcessBuilder(user.command(words)).directory(directory.toFile()).start();
    log().await("process up");

    Signal.send(pid(), "HUP");
    log().await("got SIGHUP, re-reading config");
    Signal.send(pid(), "INT");
    log().await("got SIGINT, shutting down, waiting for all servers connections to be released");

    assertThat(shell.waitFor()).isZero();
    log().await("server connections dropped, exiting");
  }

  @Test
  void writesToANewLogfileOnceTheOldOneWasMovedAway() throws Exception {
    run("-d", "sluice.ini");
    Path moved = Files.move(directory.resolve("sluice.log"), directory.resolve("sluice.log.1"));

    Signal.send(pid(), "HUP");

    Eventually.await("a new logfile", () -> Files.exists(directory.resolve("sluice.log")));
    Signal.send(pid(), "USR1");
    log().await("got SIGUSR1, pausing all activity");
    assertThat(new LogFile(moved).matching("got SIGHUP")).hasSize(1);
    assertThat(new LogFile(moved).matching("got SIGUSR1")).isEmpty();
  }

  @Test
  void becomesTheUserOfTheCommandLine() throws Exception {
    assumeTrue(Unprivileged.isRoot(), "only root may become somebody else");
    Command command = Command.of(launcher.toString(), "-d", "-u", "nobody", "sluice.ini");

    CommandResult result = command.in(directory).run(PATIENCE);

    assertThat(result.isSuccess()).as(result.output()).isTrue();
    String nobody = Command.of("id", "-u", "nobody").run(PATIENCE).output().strip();
    List<String> status =
        Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
            .filter(line -> line.startsWith("Uid:"))
            .toList();
    assertThat(status).containsExactly("Uid:" + ("\t" + nobody).repeat(4));
    assertThat(version()).startsWith("PgBouncer ");
  }

  @Test
  void refusesToRunAsRoot() throws Exception {
    assumeTrue(Unprivileged.isRoot(), "only root can be refused");

    CommandResult result =
        Command.of(launcher.toString(), "sluice.ini").in(directory).run(PATIENCE);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("should not run as root");
  }

  @Test
  void rehearsesWhateverTheEnvironmentAsksOfPoolers() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = launcher.resolveSibling(Path.of("proxy", "target", "sluice.jar")).toString();

    CommandResult result =
        Command.of(user.command(List.of(java, "-jar", jar, "rehearse")))
            .with("SLUICE_LISTEN_PORT", Integer.toString(port))
            .with("SLUICE_CLIENT_TLS_SSLMODE", "require")
            .with("SLUICE_PIDFILE", pidFile().toString())
            .in(directory)
            .run(PATIENCE);

    assertThat(result.isSuccess()).as(result.output()).isTrue();
    assertThat(pidFile()).doesNotExist();
  }

  @Test
  void explainsItself() throws Exception {
    assertThat(run("--version").output()).startsWith("PgBouncer 1.");
    assertThat(run("--help").output()).startsWith("Usage: sluice ");
    CommandResult nothing = run();
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(nothing.output()).contains("no configuration file specified");
  }

  @Test
  void checksAConfiguration() throws Exception {
    Path bad = directory.resolve("bad.ini");
    Files.writeString(bad, "[databases]\nx = prt=1\n[pgbouncer]\nauth_type = md4\n");
    user.own(directory);

    CommandResult refused = run("check", "bad.ini");
    CommandResult passed = run("check", "sluice.ini");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("bad.ini:2: ", "prt", "bad.ini:4: ", "auth_type = md4");
    assertThat(passed.isSuccess()).as(passed.output()).isTrue();
  }

  @Test
  void comparesThePoolsWithWhatPostgresHas(EmbeddedPostgres postgres) throws Exception {
    String place = "host=127.0.0.1 port=" + postgres.port() + " user=postgres ";
    write(
        config()
            .database("postgres", place + "pool_size=5000")
            .database("absent", "host=127.0.0.1 port=" + FreePort.find() + " user=postgres"));

    CommandResult result = run("check", "--connect", "sluice.ini");

    assertThat(result.isSuccess()).as(result.output()).isTrue();
    assertThat(result.output())
        .containsPattern(
            ":" + postgres.port() + ": the pools may take 5000 connections, it has \\d+")
        .contains("could not ask for max_connections: Connection refused");
  }

  private void write(SluiceConfig config) throws IOException {
    config.set("logfile", directory.resolve("sluice.log"));
    Files.writeString(directory.resolve("sluice.ini"), config.ini(directory, port));
    Files.writeString(directory.resolve("userlist.txt"), config.userList());
    user.own(directory);
  }

  private SluiceConfig config() {
    return SluiceConfig.empty().database("db", "host=127.0.0.1").set("pidfile", pidFile());
  }

  private CommandResult run(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    return Command.of(user.command(command)).in(directory).run(PATIENCE);
  }

  /** Sends a signal to the pooler and waits for its end. */
  private void stop(String signal) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    Signal.send(process.pid(), signal);
    Eventually.await("the pooler's end", () -> isGone(process));
  }

  /** A daemon is nobody's child: where process 1 reaps late it stays a zombie for a while. */
  private static boolean isGone(ProcessHandle process) throws IOException {
    if (!process.isAlive()) {
      return true;
    }
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    return Files.exists(status) && Files.readString(status).contains("State:\tZ");
  }

  private long pid() throws Exception {
    Eventually.await("a pidfile", () -> Files.exists(pidFile()) && Files.size(pidFile()) > 0);
    return Long.parseLong(Files.readString(pidFile()).strip());
  }

  private Path pidFile() {
    return directory.resolve("sluice.pid");
  }

  private LogFile log() {
    return new LogFile(directory.resolve("sluice.log"));
  }

  private WireClient console() throws IOException {
    WireAddress address = WireAddress.tcp("127.0.0.1", port);
    return WireClient.login(address, WireLogin.of(SluiceConfig.ADMIN, "pgbouncer"));
  }

  private String version() throws IOException {
    try (WireClient client = console()) {
      return String.valueOf(client.query("SHOW VERSION").rows().get(0).get(0));
    }
  }

  private String link(Path path) throws IOException {
    return Command.of(user.command(List.of("readlink", path.toString())))
        .run(PATIENCE)
        .output()
        .strip();
  }

  /** The fields of {@code stat} after the name in parentheses: state, parent, group, session. */
  private static long sessionOf(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }
}
