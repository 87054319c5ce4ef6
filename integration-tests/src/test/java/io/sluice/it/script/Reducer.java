package io.sluice.it.script;

import java.io.IOException;
import java.time.Duration;

/** Makes a script that shows a difference as short as it can. */
public final class Reducer {
  private Reducer() {}

  /** Says whether a script shows the difference. */
  @FunctionalInterface
  public interface Shows {
    /** Plays the script. */
    boolean difference(Script script) throws IOException;
  }

  /** Leaves out what is not needed, until nothing more can be or the time is over. */
  public static Script reduce(Script script, Shows shows, Duration limit) throws IOException {
    long deadlineNs = System.nanoTime() + limit.toNanos();
    Script shortest = script;
    boolean found = true;
    while (found) {
      found = false;
      for (Script candidate : shortest.smaller()) {
        if (System.nanoTime() > deadlineNs) {
          return shortest;
        }
        if (shows.difference(candidate)) {
          shortest = candidate;
          found = true;
          break;
        }
      }
    }
    return shortest;
  }
}
