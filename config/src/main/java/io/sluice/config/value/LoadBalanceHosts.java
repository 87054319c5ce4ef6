package io.sluice.config.value;

/** How the next host of a list is chosen. */
public enum LoadBalanceHosts implements Word {
  /** The next one for each new connection. */
  ROUND_ROBIN("round-robin"),
  /** The next one only after a failure. */
  DISABLE("disable");

  private final String word;

  LoadBalanceHosts(String word) {
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
