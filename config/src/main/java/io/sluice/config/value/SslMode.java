package io.sluice.config.value;

/** How much TLS a connection needs. */
public enum SslMode implements Word {
  /** Plain text only. */
  DISABLE("disable"),
  /** Plain text first, TLS if the other side insists. */
  ALLOW("allow"),
  /** TLS first, plain text if the other side has none. */
  PREFER("prefer"),
  /** TLS, certificate not checked. */
  REQUIRE("require"),
  /** TLS with a certificate from a trusted authority. */
  VERIFY_CA("verify-ca"),
  /** As {@link #VERIFY_CA}, and the host name must match. */
  VERIFY_FULL("verify-full");

  private final String word;

  SslMode(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** Says whether a connection without TLS is refused. */
  public boolean isRequired() {
    return compareTo(REQUIRE) >= 0;
  }

  @Override
  public String toString() {
    return word;
  }
}
