package io.sluice.demo.process;

import java.io.IOException;
import java.time.Duration;

/** Sends the signals that {@link ProcessHandle} cannot. */
public final class Signal {
  private Signal() {}

  /**
   * Sends a signal to a process.
   *
   * @param name the signal without its prefix: {@code HUP}, {@code USR1}, {@code STOP}, …
   * @throws IOException when there is no such process, or it may not be signalled
   */
  public static void send(long pid, String name) throws IOException {
    CommandResult result =
        Command.of("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid))
            .run(Duration.ofSeconds(10));
    if (!result.isSuccess()) {
      throw new IOException("cannot send " + name + " to " + pid + ": " + result.output().strip());
    }
  }
}
