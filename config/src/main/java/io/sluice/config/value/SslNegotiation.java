package io.sluice.config.value;

/** How TLS begins on a connection to PostgreSQL. */
public enum SslNegotiation implements Word {
  /** With an SSLRequest, which every PostgreSQL understands. */
  POSTGRES("postgres"),
  /** At once, as PostgreSQL 17 and newer allow. */
  DIRECT("direct");

  private final String word;

  SslNegotiation(String word) {
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
