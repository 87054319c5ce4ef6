package io.sluice.demo.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A server that this JVM has started: without root's rights, in a session of its own (so that
 * Ctrl-C is for this JVM alone to act on), reading nothing, writing to a log file. Thread-safe.
 */
public final class ChildProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Writes down the process id, which stays when the shell becomes the program. */
  private static final String TELL_PID = "echo $$ >\"$1\"; shift; exec \"$@\"";

  private final Process process;
  private final Path pidFile;

  private ChildProcess(Process process, Path pidFile) {
    this.process = process;
    this.pidFile = pidFile;
  }

  /**
   * Starts a program.
   *
   * @param plan what to run and where
   * @param watch ends it with SIGKILL when this JVM dies
   */
  public static ChildProcess start(ChildPlan plan, DeathWatch watch) throws IOException {
    Path pidFile = plan.directory().resolve(plan.name() + ".pid");
    Files.deleteIfExists(pidFile);
    watch.killNamedBy(pidFile, plan.deathSignal());
    List<String> inner = new ArrayList<>(List.of("sh", "-c", TELL_PID, "sh", pidFile.toString()));
    inner.addAll(plan.command());
    List<String> words = new ArrayList<>(ownSession());
    words.addAll(plan.user().command(inner));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(plan.directory().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
    builder.environment().putAll(plan.environment());
    return new ChildProcess(builder.start(), pidFile);
  }

  /** Sends a signal: {@code HUP}, {@code TERM}, {@code STOP}, … */
  public void signal(String name) throws IOException {
    Signal.send(pid(), name);
  }

  /** Waits for the end; returns the exit status, or nothing when it still runs after a limit. */
  public OptionalInt awaitExit(Duration limit) throws IOException {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the end of " + pidFile, e);
    }
  }

  /** Ends the process and all that it started with SIGKILL, and waits for its end. */
  public void kill9() throws IOException {
    List<ProcessHandle> family = new ArrayList<>();
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(family::add);
    }
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    if (awaitExit(PATIENCE).isEmpty()) {
      throw new IOException("survived SIGKILL: process " + process.pid());
    }
    family.forEach(ChildProcess::awaitRemoval);
  }

  /** Gives up after a while: a zombie that nobody reaps is never removed, and does no harm. */
  private static void awaitRemoval(ProcessHandle process) {
    try {
      process.onExit().get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells whether it runs. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Returns the process id of the program itself. */
  public long pid() throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String text = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
      if (!text.isEmpty()) {
        return Long.parseLong(text);
      }
      if (!process.isAlive() || System.nanoTime() > deadlineNs) {
        throw new IOException("did not get as far as " + pidFile);
      }
      Thread.onSpinWait();
    }
  }

  private static List<String> ownSession() {
    try {
      return Command.of("setsid", "true").run(PATIENCE).isSuccess() ? List.of("setsid") : List.of();
    } catch (IOException e) {
      // A system without the program: Ctrl-C reaches the child too, which ends it a little earlier.
      return List.of();
    }
  }
}
