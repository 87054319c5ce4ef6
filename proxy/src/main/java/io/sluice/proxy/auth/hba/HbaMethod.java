package io.sluice.proxy.auth.hba;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a rule has clients prove who they are. */
public enum HbaMethod {
  /** Not at all, but the user must be known. */
  TRUST("trust"),
  /** Nobody gets in. */
  REJECT("reject"),
  /** Password in clear text. */
  PASSWORD("password"),
  /** MD5 exchange, or SCRAM where the stored secret is one. */
  MD5("md5"),
  /** SCRAM-SHA-256. */
  SCRAM_SHA_256("scram-sha-256"),
  /** TLS client certificate. */
  CERT("cert"),
  /** The user at the other end of the Unix socket. */
  PEER("peer"),
  /** LDAP bind. */
  LDAP("ldap"),
  /** PAM. */
  PAM("pam"),
  /** A JSON Web Token. */
  JWT("jwt");

  private final String word;

  HbaMethod(String word) {
    this.word = word;
  }

  /** The word in the file. */
  public String word() {
    return word;
  }

  /** The method of a word, or null; {@code ident} on a Unix socket is {@code peer}. */
  static @Nullable HbaMethod find(String word, boolean isLocal) {
    if (isLocal && word.equals("ident")) {
      return PEER;
    }
    for (HbaMethod method : values()) {
      if (method.word.equals(word)) {
        return method;
      }
    }
    return null;
  }

  /** What to say of a word that is no method of ours. */
  static String complaint(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "gss", "sspi", "radius", "bsd", "oauth", "ident" ->
          "authentication method \""
              + word
              + "\" is not supported: of PostgreSQL's methods there"
              + " are trust, reject, scram-sha-256, md5, password, cert, peer, ldap, pam";
      case "plain" -> "invalid authentication method \"plain\": in this file it is \"password\"";
      default -> "invalid authentication method \"" + word + "\"";
    };
  }

  /** Says whether names can be mapped. */
  boolean takesMap() {
    return this == CERT || this == PEER || this == JWT;
  }
}
