package io.sluice.demo.postgres;

/** How PostgreSQL is told to stop. */
public enum StopMode {
  /** Waits until every client has left. */
  SMART("TERM"),
  /** Ends every client with an error, then stops in order. */
  FAST("INT"),
  /** Ends at once; the next start recovers. */
  IMMEDIATE("QUIT");

  private final String signal;

  StopMode(String signal) {
    this.signal = signal;
  }

  String signal() {
    return signal;
  }
}
