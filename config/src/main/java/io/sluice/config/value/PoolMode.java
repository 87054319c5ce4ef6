package io.sluice.config.value;

/** When a server goes back to its pool. */
public enum PoolMode implements Word {
  /** When the client disconnects. */
  SESSION("session"),
  /** At the end of each transaction. */
  TRANSACTION("transaction"),
  /** After each statement; transactions of several statements are refused. */
  STATEMENT("statement");

  private final String word;

  PoolMode(String word) {
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
