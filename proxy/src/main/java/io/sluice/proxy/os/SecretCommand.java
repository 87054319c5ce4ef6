package io.sluice.proxy.os;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program whose output is a secret: no shell, an empty standard input, bounds on time and
 * output. Blocks; to be used by a worker.
 */
public final class SecretCommand {
  /** Tokens of clouds have some 2,000. */
  private static final int MAX_OUTPUT_BYTES = 16 << 10;

  private static final int MAX_COMPLAINT = 200;

  /** How often the output is looked at; the pipe holds four times what is accepted. */
  private static final long LOOK_MS = 20;

  private static final File NOTHING = new File("/dev/null");

  private final Process process;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complaint = new ByteArrayOutputStream();

  /** Why there is no secret; fit for the log, without anything from the standard output. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String text) {
      super(text);
    }
  }

  private SecretCommand(Process process) {
    this.process = process;
  }

  /**
   * Runs a program to its end.
   *
   * @param words its absolute path, and its arguments
   * @return what it has printed, without the line end at the end
   * @throws Failure if it fails, takes too long, or prints nothing, more than a line, or too much
   */
  public static String run(List<String> words, long timeoutNs)
      throws Failure, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(words).redirectInput(ProcessBuilder.Redirect.from(NOTHING)).start();
    } catch (IOException refused) {
      throw new Failure("it cannot be started: " + reason(refused));
    }
    try {
      return new SecretCommand(process).await(System.nanoTime() + timeoutNs, timeoutNs);
    } catch (IOException lost) {
      throw new Failure("its output cannot be read: " + lost.getMessage());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The JDK's text repeats the arguments' program, then says why. */
  private static String reason(IOException refused) {
    String text = String.valueOf(refused.getMessage());
    int why = text.lastIndexOf("error=");
    return why < 0 ? text : text.substring(text.indexOf(' ', why) + 1);
  }

  private String await(long deadlineNs, long timeoutNs)
      throws Failure, IOException, InterruptedException {
    boolean ended;
    do {
      ended = process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS);
      boolean late = !drain(process.getInputStream(), output, deadlineNs);
      if (output.size() > MAX_OUTPUT_BYTES) {
        throw new Failure("it printed more than " + MAX_OUTPUT_BYTES + " bytes");
      }
      late |= !drain(process.getErrorStream(), complaint, deadlineNs);
      if (late || (!ended && System.nanoTime() - deadlineNs > 0)) {
        throw new Failure(
            "it took longer than " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms");
      }
    } while (!ended);
    if (process.exitValue() != 0) {
      throw new Failure("it ended with status " + process.exitValue() + complaint());
    }
    return secret();
  }

  /**
   * Takes what is there, up to one byte more than is accepted of the output; of complaints, which
   * may be longer, the rest is thrown away.
   *
   * @return false when that is not done in time: a program can print faster than it is read
   */
  private boolean drain(InputStream from, ByteArrayOutputStream to, long deadlineNs)
      throws IOException {
    while (from.available() > 0 && output.size() <= MAX_OUTPUT_BYTES) {
      if (System.nanoTime() - deadlineNs > 0) {
        return false;
      }
      byte[] some = from.readNBytes(Math.min(from.available(), MAX_OUTPUT_BYTES));
      to.write(some, 0, Math.min(some.length, MAX_OUTPUT_BYTES + 1 - to.size()));
    }
    return true;
  }

  private String secret() throws Failure {
    String secret = output.toString(StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
    if (secret.isEmpty()) {
      throw new Failure("it printed nothing");
    }
    if (secret.chars().anyMatch(Character::isISOControl)) {
      throw new Failure("it printed more than one line, or control characters");
    }
    return secret;
  }

  /** The first line of its standard error. */
  private String complaint() {
    String text = complaint.toString(StandardCharsets.UTF_8).strip();
    String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
    if (line.isEmpty()) {
      return "";
    }
    return ": " + (line.length() > MAX_COMPLAINT ? line.substring(0, MAX_COMPLAINT) : line);
  }
}
