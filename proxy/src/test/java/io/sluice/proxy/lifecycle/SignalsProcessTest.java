package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends real signals to a real process, started in the ways that make a JVM deaf. */
@Timeout(60)
class SignalsProcessTest {
  private static final String DIRECTLY = "exec \"$@\"";
  private static final String BY_NOHUP = "exec nohup \"$@\" </dev/null";
  private static final String IN_THE_BACKGROUND = "\"$@\" & wait $!";
  private static final String WITH_ALL_IGNORED = "trap '' HUP INT QUIT TERM USR1 USR2; exec \"$@\"";

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {DIRECTLY, BY_NOHUP, IN_THE_BACKGROUND, WITH_ALL_IGNORED})
  void hearsEverySignalHoweverItWasStarted(String start) throws Exception {
    Process shell = start("exec 3>/dev/null; " + start, "file3");
    try (BufferedReader out = shell.inputReader()) {
      long pid = pid(out);
      send(pid, "HUP");
      assertThat(out.readLine()).isEqualTo("reload");
      send(pid, "USR1");
      assertThat(out.readLine()).isEqualTo("pause");
      send(pid, "USR2");
      assertThat(out.readLine()).isEqualTo("resume");
      send(pid, "INT");
      assertThat(out.readLine()).isEqualTo("without servers");
      send(pid, "TERM");
      assertThat(out.readLine()).isEqualTo("without clients");
      send(pid, "HUP");
      assertThat(out.readLine()).isEqualTo("reload");
      send(pid, "QUIT");
      assertThat(out.readLine()).isEqualTo("exit");
      assertThat(status(shell)).isZero();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }

  @Test
  void diesOfSigquitWhereFile3IsNotItsOwn() throws Exception {
    Process shell = start("trap '' QUIT; exec \"$@\"", "nothing");
    try (BufferedReader out = shell.inputReader()) {
      send(pid(out), "QUIT");
      assertThat(out.readLine()).isNull();
      assertThat(status(shell)).isEqualTo(128 + 3);
      assertThat(dir).isEmptyDirectory();
    } finally {
      shell.destroyForcibly();
    }
  }

  private Process start(String script, String argument) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(
            "sh", "-c", script, "sh", java, "-cp", classes, SignalsMain.class.getName(), argument)
        .directory(dir.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static long pid(BufferedReader out) throws IOException {
    String line = out.readLine();
    assertThat(line).startsWith("pid ");
    return Long.parseLong(line.substring(4));
  }

  private static void send(long pid, String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static int status(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
