package io.sluice.proxy.tls;

/** Which connections a context is for. */
public enum TlsRole {
  /** Connections from clients: we show a certificate, and may ask for theirs. */
  CLIENTS("client"),
  /** Connections to PostgreSQL: we check its certificate, and may show ours. */
  SERVERS("server");

  private final String word;

  TlsRole(String word) {
    this.word = word;
  }

  /** The word with which the settings of the role begin. */
  public String word() {
    return word;
  }
}
