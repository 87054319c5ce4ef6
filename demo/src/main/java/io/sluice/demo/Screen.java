package io.sluice.demo;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Where the demonstration speaks to a person, or to a file: on a terminal the progress is one line
 * that changes, elsewhere a line each time. Not thread-safe.
 */
final class Screen {
  private final PrintStream out;
  private final boolean terminal;
  private int progressLength;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Writes to this process's standard output. */
  static Screen ofThisProcess() {
    return new Screen(System.out, isTerminal());
  }

  /** Prints a line, below the progress if there is any. */
  void line(String text) {
    endProgress();
    out.println(text);
    out.flush();
  }

  /** Shows how things stand now. */
  void progress(String text) {
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, progressLength - text.length())));
      progressLength = text.length();
    } else {
      out.println(text);
    }
    out.flush();
  }

  /** Prints a line in place of the progress. */
  void replace(String text) {
    progress(text);
    endProgress();
  }

  private void endProgress() {
    if (progressLength > 0) {
      out.println();
      progressLength = 0;
    }
  }

  /** The JDK's own answer differs between its releases; the shell's does not. */
  private static boolean isTerminal() {
    try {
      return new ProcessBuilder("sh", "-c", "test -t 1").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
