package io.sluice.config.value;

/** What becomes of statements that leave state in a server's session, where servers are shared. */
public enum StatePolicy implements Word {
  /** Nothing: the next client meets it, as with PgBouncer. */
  ALLOW("allow"),
  /** A line in the log, for each client and kind once. */
  WARN("warn"),
  /** The server is cleaned before anybody else gets it. */
  RESET("reset"),
  /** The client keeps the server until the state is gone, or the client is. */
  PIN("pin"),
  /** The statement fails. */
  REJECT("reject");

  private final String word;

  StatePolicy(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
