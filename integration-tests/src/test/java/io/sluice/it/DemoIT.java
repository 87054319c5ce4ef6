package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.process.Signal;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./sluice demo}, the way a stranger runs it, only shorter. */
class DemoIT {
  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void provesThatPostgresSawFewConnections() throws Exception {
    Process demo = demo("--exit", "--seconds=2", "--clients=50", "--pool-size=5");

    assertThat(demo.waitFor(3, TimeUnit.MINUTES)).as("ended").isTrue();

    assertThat(demo.exitValue()).as(output()).isZero();
    assertThat(output())
        .contains("50 clients over 5 server connections")
        .containsPattern("never more than [1-5] connections \\(limit 5\\)")
        .containsPattern("latency: p50 [0-9.]+ ms, p95 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms")
        .containsPattern(" demo +\\| demo +\\| .* transaction")
        .doesNotContain("BAD");
    assertThat(leftovers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void staysUpUntilItIsEndedAndLeavesNothingBehind(String signal) throws Exception {
    Process demo = demo("--seconds=1", "--clients=5", "--pool-size=2");
    LogFile log = new LogFile(directory.resolve("out"));
    String line = log.await("psql -h 127.0.0.1 .* -U demo demo ");
    int port = Integer.parseInt(line.replaceFirst(".* -p (\\d+) .*", "$1"));
    assertThat(Psql.tcp(port, "demo").query("demo", "SELECT count(*) FROM account"))
        .isEqualTo("10000");

    Signal.send(demo.pid(), signal);

    assertThat(demo.waitFor(1, TimeUnit.MINUTES)).as("ended").isTrue();
    assertThat(leftovers()).isEmpty();
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @Test
  void leavesNothingBehindWhenItIsKilledAtWork() throws Exception {
    Process demo = demo("--seconds=600", "--clients=5", "--pool-size=2");
    new LogFile(directory.resolve("out")).await("transactions/s");

    demo.destroyForcibly().waitFor();

    Eventually.await("everything is gone", () -> leftovers().isEmpty());
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process demo = demo("--exit", "--seconds=1", "--clients=5", "--port", port(taken));

      assertThat(demo.waitFor(3, TimeUnit.MINUTES)).as("ended").isTrue();

      assertThat(demo.exitValue()).as(output()).isZero();
      assertThat(output()).contains("port " + port(taken) + " is taken: Sluice listens on ");
    }
  }

  @Test
  void refusesWhatItDoesNotKnow() throws Exception {
    Process demo = demo("--pool-size=0");

    assertThat(demo.waitFor(1, TimeUnit.MINUTES)).as("ended").isTrue();

    assertThat(demo.exitValue()).isEqualTo(1);
    assertThat(output()).contains("--pool-size must be from 1 to 200");
  }

  /** Its temporary files go to a directory of their own, so that what is left is seen. */
  private Process demo(String... options) throws IOException {
    Path home = Path.of(System.getProperty("sluice.home", ".."));
    List<String> command = new ArrayList<>(List.of(home.resolve("sluice").toString(), "demo"));
    command.addAll(List.of(options));
    if (Stream.of(options).noneMatch("--port"::equals)) {
      command.addAll(List.of("--port", Integer.toString(FreePort.find())));
    }
    Directories.openToAll(directory);
    Directories.openToAll(Files.createDirectory(temporary()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary());
    Process demo = builder.start();
    started.add(demo);
    return demo;
  }

  /** Lists the temporary files, and the processes that work on them. */
  private List<String> leftovers() throws IOException {
    List<String> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(temporary())) {
      files.filter(file -> file.toString().contains("sluice")).forEach(f -> left.add(f.toString()));
    }
    String mark = temporary().toString();
    ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(mark) && !line.contains("sluice-demo.jar"))
        .forEach(left::add);
    return left;
  }

  private Path temporary() {
    return directory.resolve("tmp");
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private static String port(ServerSocket socket) {
    return Integer.toString(socket.getLocalPort());
  }
}
