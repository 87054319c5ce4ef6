package io.sluice.config.value;

/** How clients prove who they are. */
public enum AuthType implements Word {
  /** Not at all; the user name is not even looked up. */
  ANY("any"),
  /** Not at all, but the user must be known. */
  TRUST("trust"),
  /** Password in clear text. */
  PLAIN("plain"),
  /** MD5 exchange, or SCRAM where the stored secret is one. */
  MD5("md5"),
  /** TLS client certificate. */
  CERT("cert"),
  /** As the HBA file says. */
  HBA("hba"),
  /** LDAP bind. */
  LDAP("ldap"),
  /** PAM. */
  PAM("pam"),
  /** A JSON Web Token. */
  JWT("jwt"),
  /** SCRAM-SHA-256. */
  SCRAM_SHA_256("scram-sha-256");

  private final String word;

  AuthType(String word) {
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
