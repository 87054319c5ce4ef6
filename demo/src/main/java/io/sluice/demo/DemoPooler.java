package io.sluice.demo;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.process.DeathWatch;
import io.sluice.demo.process.Unprivileged;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sluice as a process of its own, configured as a user would configure it. */
final class DemoPooler implements Closeable {
  static final String USER = "app";
  static final String DATABASE = "app";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int STOP_S = 5;
  private static final long RETRY_MS = 50;

  private final Process process;
  private final DeathWatch watch;
  private final Path directory;
  private final int port;

  private DemoPooler(Process process, DeathWatch watch, Path directory, int port) {
    this.process = process;
    this.watch = watch;
    this.directory = directory;
    this.port = port;
  }

  /** Starts the pooler and waits until a client gets through to PostgreSQL. */
  static DemoPooler start(EmbeddedPostgres postgres, DemoOptions options, PrintStream out)
      throws IOException, InterruptedException {
    int port = freePort(options.port());
    if (port != options.port()) {
      out.printf("  port %d is taken: Sluice takes %d%n", options.port(), port);
    }
    Path directory = Files.createTempDirectory("sluice-demo");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    DeathWatch watch = DeathWatch.start();
    watch.remove(directory);
    Path log = directory.resolve("sluice.log");
    Process process =
        new ProcessBuilder(
                Unprivileged.anyhow().command(command(directory, postgres, port, options)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    watch.kill(process.pid(), "KILL");
    DemoPooler pooler = new DemoPooler(process, watch, directory, port);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "pooler"));
    pooler.awaitAnswer(log);
    return pooler;
  }

  private static List<String> command(
      Path directory, EmbeddedPostgres postgres, int port, DemoOptions options) throws IOException {
    Path users = directory.resolve("userlist.txt");
    Files.writeString(users, "\"" + USER + "\" \"\"\n");
    Path ini = directory.resolve("sluice.ini");
    Files.writeString(
        ini,
        String.join(
            "\n",
            "[databases]",
            DATABASE + " = host=127.0.0.1 port=" + postgres.port(),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = " + port,
            "unix_socket_dir =",
            "auth_type = trust",
            "auth_file = " + users,
            "admin_users = " + USER,
            "pool_mode = transaction",
            "max_client_conn = " + (options.clients() + 50),
            "default_pool_size = " + options.poolSize(),
            "log_connections = 0",
            "log_disconnections = 0",
            ""));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms32m", "-Xmx256m", "-Xmn8m", "-Xss512k"));
    command.addAll(List.of("-Dio.netty.jfr.enabled=false", "-jar", jar().toString()));
    command.add(ini.toString());
    return command;
  }

  /** The pooler's jar, which the build leaves beside this module. */
  private static Path jar() throws IOException {
    try {
      File own =
          new File(DemoPooler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path jar = own.toPath().resolve("../../../proxy/target/sluice.jar").normalize();
      if (!Files.exists(jar)) {
        throw new IOException("not built: " + jar);
      }
      return jar;
    } catch (URISyntaxException broken) {
      throw new IOException("cannot tell where this program is", broken);
    }
  }

  private static int freePort(int wanted) throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    try (ServerSocket probe = new ServerSocket(wanted, 1, local)) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket probe = new ServerSocket(0, 1, local)) {
        return probe.getLocalPort();
      }
    }
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    IOException last = new IOException("no answer");
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (WireClient client = WireClient.login(address(), WireLogin.of(USER, DATABASE))) {
        client.query("SELECT 1");
        return;
      } catch (IOException notYet) {
        last = notYet;
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    }
    String said = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    close();
    throw new IOException("Sluice did not start: " + last.getMessage() + "\n" + said);
  }

  WireAddress address() {
    return WireAddress.tcp("127.0.0.1", port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Directories.delete(directory);
    watch.close();
  }
}
