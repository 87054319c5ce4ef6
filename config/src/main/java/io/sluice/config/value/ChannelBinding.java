package io.sluice.config.value;

/** Whether SCRAM logins are bound to the TLS connection below them. */
public enum ChannelBinding implements Word {
  /** Never. */
  DISABLE("disable"),
  /** Where both sides can. */
  PREFER("prefer"),
  /** Always; other logins fail. */
  REQUIRE("require");

  private final String word;

  ChannelBinding(String word) {
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
