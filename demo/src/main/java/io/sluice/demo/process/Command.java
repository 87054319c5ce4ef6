package io.sluice.demo.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program with its arguments, run to its end under a time limit. Immutable. */
public final class Command {
  private final List<String> words;
  private final Map<String, String> environment;
  private final String input;
  private final @Nullable Path directory;

  private Command(
      List<String> words, Map<String, String> environment, String input, @Nullable Path directory) {
    this.words = List.copyOf(words);
    this.environment = Map.copyOf(environment);
    this.input = input;
    this.directory = directory;
  }

  /** Names the program and its arguments. */
  public static Command of(String... words) {
    return of(List.of(words));
  }

  /** Names the program and its arguments. */
  public static Command of(List<String> words) {
    return new Command(words, Map.of(), "", null);
  }

  /** Adds a variable to the environment. */
  public Command with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Command(words, more, input, directory);
  }

  /** Sets what the program reads from its standard input; without it, it finds the end at once. */
  public Command reading(String text) {
    return new Command(words, environment, text, directory);
  }

  /** Sets the working directory. */
  public Command in(Path workingDirectory) {
    return new Command(words, environment, input, workingDirectory);
  }

  /**
   * Runs the program and waits for its end.
   *
   * @throws IOException when it cannot be started, or runs longer than {@code limit}; it is then
   *     killed, and the message ends with what it had written
   */
  public CommandResult run(Duration limit) throws IOException {
    Process process = start();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(textOf(process), this::inOwnThread);
    try {
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading its input: its exit status tells more than the broken pipe.
      }
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        kill(process);
        throw new IOException(
            words + " did not end within " + limit.toSeconds() + "s: " + output.join());
      }
      return new CommandResult(process.exitValue(), output.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + words, e);
    } finally {
      kill(process);
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    if (directory != null) {
      File file = directory.toFile();
      builder.directory(file);
    }
    return builder.start();
  }

  private static Supplier<String> textOf(Process process) {
    return () -> {
      try {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private void inOwnThread(Runnable reader) {
    Thread thread = new Thread(reader, "output of " + words.get(0));
    thread.setDaemon(true);
    thread.start();
  }

  private static void kill(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
