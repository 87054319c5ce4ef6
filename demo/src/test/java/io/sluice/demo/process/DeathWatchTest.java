package io.sluice.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeathWatchTest {
  @TempDir Path directory;

  @Test
  void endsProcessesAndRemovesDirectoriesWhenTheJvmIsKilled() throws Exception {
    Path doomed = Files.createDirectory(directory.resolve("with a space"));
    Files.writeString(doomed.resolve("file"), "x");
    Process stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM; exec sleep 600").start();
    Process named = new ProcessBuilder("sleep", "600").start();
    Path pidFile = Files.writeString(directory.resolve("pid"), named.pid() + "\nmore\n");
    Process jvm = startGuard(stubborn.pid(), pidFile, doomed);

    jvm.destroyForcibly().waitFor();

    assertThat(named.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(named.exitValue()).as("ended by SIGTERM").isEqualTo(128 + 15);
    assertThat(stubborn.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(stubborn.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
    awaitRemoval(doomed);
  }

  @Test
  void touchesNothingOnceItIsClosed() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    DeathWatch watch = DeathWatch.start();
    watch.kill(process.pid(), "KILL");
    watch.remove(directory);

    watch.close();

    assertThat(process.isAlive()).isTrue();
    assertThat(directory).exists();
    process.destroyForcibly().waitFor();
  }

  private static Process startGuard(long pid, Path pidFile, Path doomed) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Guard.class.getName(),
                Long.toString(pid),
                pidFile.toString(),
                doomed.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("on guard");
    return jvm;
  }

  private static void awaitRemoval(Path path) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (Files.exists(path) && System.nanoTime() < deadlineNs) {
      Thread.sleep(10);
    }
    assertThat(path).doesNotExist();
  }

  /** Sets up a watch and waits for its end. */
  static final class Guard {
    private Guard() {}

    /** Takes a process id, a pid file and a directory. */
    public static void main(String[] arguments) throws Exception {
      DeathWatch watch = DeathWatch.start();
      watch.kill(Long.parseLong(arguments[0]), "TERM");
      watch.killNamedBy(Path.of(arguments[1]), "TERM");
      watch.remove(Path.of(arguments[2]));
      System.out.println("on guard");
      Thread.sleep(600_000);
    }
  }
}
