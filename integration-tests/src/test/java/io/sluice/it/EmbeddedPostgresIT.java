package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.postgres.StopMode;
import io.sluice.demo.wire.FrontendMessages;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresIT {
  @ParameterizedTest
  @ValueSource(strings = {"11", "18"})
  void answersOnTcpAndOnTheUnixSocket(String version) throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(PostgresOptions.DEFAULT.version(version))) {
      for (WireAddress address : List.of(postgres.tcp(), postgres.unix())) {
        try (WireClient client = WireClient.login(address, WireLogin.of("postgres", "postgres"))) {
          assertThat(client.parameters().get("server_version")).startsWith(version + ".");
          assertThat(client.query("SELECT 40 + 2").number()).isEqualTo(42);
        }
      }
    }
  }

  @Test
  void appliesOptions() throws Exception {
    PostgresOptions options = PostgresOptions.DEFAULT.maxConnections(37).config("work_mem = '7MB'");

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(postgres.query("SHOW max_connections").value()).isEqualTo("37");
      assertThat(postgres.query("SHOW work_mem").value()).isEqualTo("7MB");
    }
  }

  @Test
  void keepsPortAndDataOverARestart() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      postgres.query("CREATE TABLE kept AS SELECT 7 AS n");
      int port = postgres.port();

      postgres.restart();

      assertThat(postgres.port()).isEqualTo(port);
      assertThat(postgres.query("SELECT n FROM kept").number()).isEqualTo(7);
    }
  }

  @Test
  void startsAgainAfterKill9WithBackendsAtWork() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        WireClient client = postgres.login("postgres", "postgres")) {
      client.send(FrontendMessages.query("SELECT pg_sleep(600)"));

      postgres.kill9();

      assertThat(client.expectClosed()).isEmpty();
      assertThat(postgres.isRunning()).isFalse();
      postgres.startAgain();
      assertThat(postgres.query("SELECT 1").number()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FAST", "IMMEDIATE", "SMART"})
  void stopsInEveryMode(String mode) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      postgres.stop(StopMode.valueOf(mode));

      assertThat(postgres.isRunning()).isFalse();
      assertThatThrownBy(() -> postgres.query("SELECT 1")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void leavesNothingBehindWhenClosed() throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    long pid = postgres.pid();
    Path root = postgres.root();

    postgres.close();

    assertThat(root).doesNotExist();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenTheJvmIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsluice.postgres.jars=" + System.getProperty("sluice.postgres.jars", ""),
                StartsPostgres.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
    long pid = Long.parseLong(String.valueOf(out.readLine()));
    Path root = Path.of(String.valueOf(out.readLine()));
    assertThat(root).exists();

    jvm.destroyForcibly().waitFor();

    Eventually.await("directory is gone: " + root, () -> !Files.exists(root));
    Eventually.await("process is gone: " + pid, () -> !isRunning(pid));
  }

  @Test
  void admitsByItsHbaLinesOnceTheyAreReloaded() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      postgres.createRole("alice", "wonder");
      WireLogin alice = WireLogin.of("alice", "postgres").password("wrong");
      WireClient.login(postgres.tcp(), alice).close();

      postgres.admit("host all alice 127.0.0.1/32 scram-sha-256");

      assertThatThrownBy(() -> WireClient.login(postgres.tcp(), alice))
          .hasMessageContaining("password authentication failed for user \"alice\"");
    }
  }

  /** A zombie that nobody reaps has ended, although the system still knows its id. */
  private static boolean isRunning(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    if (Files.isDirectory(Path.of("/proc/self"))) {
      return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }
    return ProcessHandle.of(pid).isPresent();
  }

  /** Starts a PostgreSQL, says where it is and sleeps until it is killed. */
  static final class StartsPostgres {
    private StartsPostgres() {}

    /** Prints the postmaster's pid and the directory, a line each. */
    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres postgres = EmbeddedPostgres.start();
      System.out.println(postgres.pid());
      System.out.println(postgres.root());
      Thread.sleep(600_000);
    }
  }
}
