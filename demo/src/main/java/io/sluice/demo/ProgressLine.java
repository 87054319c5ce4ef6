package io.sluice.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** A line that tells how the load goes: rewritten on a terminal, printed now and then elsewhere. */
final class ProgressLine {
  static final long PERIOD_MS = 250;
  private static final int PLAIN_EVERY = 8;

  private final PrintStream out;
  private final DemoLoad load;
  private final ServerCount servers;
  private final boolean terminal = isTerminal();
  private int shown;

  ProgressLine(PrintStream out, DemoLoad load, ServerCount servers) {
    this.out = out;
    this.load = load;
    this.servers = servers;
  }

  /** Standard output is a device that people sit at. */
  private static boolean isTerminal() {
    try {
      String file = Path.of("/dev/fd/1").toRealPath().toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Shows where the load is now. */
  void show() {
    if (!terminal && shown++ % PLAIN_EVERY != 0) {
      return;
    }
    String line =
        String.format(
            "  %d clients connected, %d servers, %,d transactions, %,.0f/s",
            load.connected(), servers.now(), load.latencies().count(), load.perSecond());
    if (terminal) {
      out.print("\r" + line + "    ");
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Leaves the line. */
  void end() {
    if (terminal) {
      out.println();
    }
  }
}
