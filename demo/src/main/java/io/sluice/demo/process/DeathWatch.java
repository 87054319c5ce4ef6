package io.sluice.demo.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tidies up after this JVM however it ends, {@code kill -9} included: a shell that reads from a
 * pipe, and when the pipe ends without a word kills the processes and removes the directories that
 * it was told of. Thread-safe.
 */
public final class DeathWatch implements Closeable {
  /**
   * The shell's program. It ignores the terminal's signals, because on Ctrl-C it is the JVM that
   * tidies up, and gives the processes five seconds before it kills them and removes directories.
   */
  private static final String SCRIPT =
      """
      trap '' INT QUIT HUP TERM
      work=
      while read -r verb rest; do
        [ "$verb" = done ] && exit 0
        work="$work$verb $rest
      "
      done
      each() { printf '%s' "$work" | while read -r verb signal rest; do "$1"; done; }
      target() {
        case $verb in
          kill) echo "$rest" ;;
          killfile) head -n 1 "$rest" 2>/dev/null ;;
        esac
      }
      signal() { pid=$(target); [ -n "$pid" ] && kill -s "$signal" "$pid" 2>/dev/null; }
      await() {
        pid=$(target); [ -n "$pid" ] || return
        tries=50
        while [ $tries -gt 0 ] && kill -s 0 "$pid" 2>/dev/null; do
          sleep 0.1; tries=$((tries - 1))
        done
        kill -s KILL "$pid" 2>/dev/null
      }
      discard() { [ "$verb" = remove ] && rm -rf -- "$rest"; }
      each signal; each await; each discard
      """;

  private final Process shell;

  private DeathWatch(Process shell) {
    this.shell = shell;
  }

  /** Starts a watch that has nothing to do yet. */
  public static DeathWatch start() throws IOException {
    return new DeathWatch(
        new ProcessBuilder("sh", "-c", SCRIPT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Has a process ended with a signal ({@code TERM}, {@code QUIT}, …) if this JVM dies. */
  public void kill(long pid, String signal) throws IOException {
    tell("kill " + signal + " " + pid);
  }

  /** Has the process that is named by the first line of a file ended if this JVM dies. */
  public void killNamedBy(Path pidFile, String signal) throws IOException {
    tell("killfile " + signal + " " + pidFile.toAbsolutePath());
  }

  /** Has a directory removed with all that is in it if this JVM dies. */
  public void remove(Path directory) throws IOException {
    tell("remove - " + directory.toAbsolutePath());
  }

  /** Ends the watch: from now on nothing happens when this JVM dies. */
  @Override
  public void close() throws IOException {
    if (shell.isAlive()) {
      tell("done");
    }
    try {
      if (!shell.waitFor(5, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      shell.destroyForcibly();
    }
  }

  private synchronized void tell(String line) throws IOException {
    OutputStream out = shell.getOutputStream();
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
