package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCommandTest {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  @TempDir Path directory;

  private static String shell(String script) throws Exception {
    return SecretCommand.run(List.of("/bin/sh", "-c", script), PATIENCE_NS);
  }

  private static void assertFails(String script, String reason) {
    assertThatThrownBy(() -> shell(script))
        .isInstanceOf(SecretCommand.Failure.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void takesTheOutputWithoutItsLineEnd() throws Exception {
    assertThat(shell("echo ' hunter 2 '")).isEqualTo(" hunter 2 ");
    assertThat(shell("printf 'a\\r\\n'")).isEqualTo("a");
    assertThat(shell("printf pässword; echo not this >&2")).isEqualTo("pässword");
  }

  @Test
  void givesItNothingToRead() throws Exception {
    assertThat(shell("cat; echo end")).isEqualTo("end");
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    assertThat(SecretCommand.run(List.of("/bin/echo", "$HOME `id` *"), PATIENCE_NS))
        .isEqualTo("$HOME `id` *");
  }

  @Test
  void saysWhyThereIsNone() {
    assertFails("echo hunter2; echo 'no  such role' >&2; exit 3", "status 3: no  such role");
    assertFails("exit 0", "it printed nothing");
    assertFails("echo hunter2; echo hunter2", "more than one line");
    assertFails("printf 'hunter2\\033[2J'", "control characters");
    assertFails("head -c 20000 /dev/zero | tr '\\0' x", "more than 16384 bytes");
    assertFails("kill -9 $$", "status 137");
    assertThatThrownBy(() -> SecretCommand.run(List.of("/no/such/program", "x"), PATIENCE_NS))
        .hasMessage("it cannot be started: No such file or directory");
  }

  /** Why a command fails, which might be asked for ever. */
  private static String failure(String script, long timeoutNs) {
    CompletableFuture<String> told = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                told.complete(SecretCommand.run(List.of("/bin/sh", "-c", script), timeoutNs));
              } catch (SecretCommand.Failure failure) {
                told.complete("failure: " + failure.getMessage());
              } catch (InterruptedException stopped) {
                told.completeExceptionally(stopped);
              }
            });
    worker.setDaemon(true);
    worker.start();
    return told.orTimeout(PATIENCE_NS, TimeUnit.NANOSECONDS).join();
  }

  private static void awaitEnd(Path pid) throws Exception {
    long number = Long.parseLong(Files.readString(pid).strip());
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (ProcessHandle.of(number).map(ProcessHandle::isAlive).orElse(false)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void killsACommandThatPrintsTooMuchAtOnce() throws Exception {
    Path pid = directory.resolve("pid");

    assertThat(failure("echo $$ > " + pid + "; exec yes", TimeUnit.HOURS.toNanos(1)))
        .isEqualTo("failure: it printed more than 16384 bytes");

    awaitEnd(pid);
  }

  @Test
  void killsACommandThatComplainsWithoutEnd() throws Exception {
    Path pid = directory.resolve("pid");

    assertThat(failure("echo $$ > " + pid + "; exec yes >&2", TimeUnit.SECONDS.toNanos(1)))
        .isEqualTo("failure: it took longer than 1000 ms");

    awaitEnd(pid);
  }

  @Test
  void killsTheCommandAndItsChildrenWhenItTakesTooLong() throws Exception {
    Path pid = directory.resolve("pid");
    String script = "sleep 1000 & echo $! > " + pid + "; wait";
    assertThatThrownBy(
            () -> SecretCommand.run(List.of("/bin/sh", "-c", script), TimeUnit.SECONDS.toNanos(1)))
        .hasMessage("it took longer than 1000 ms");
    awaitEnd(pid);
  }

  @Test
  void doesNotWaitForADaemonThatKeepsItsOutputOpen() throws Exception {
    Path pid = directory.resolve("pid");
    assertThat(shell("setsid sleep 1000 2>&1 & echo $! > " + pid + "; echo hunter2"))
        .isEqualTo("hunter2");
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }
}
