package io.sluice.proxy.tls;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cipher suites that there are, and the language in which OpenSSL's users choose among them:
 * names, groups such as {@code HIGH} or {@code ECDHE+AESGCM}, and {@code !} or {@code -} to take
 * away.
 *
 * @see <a href="https://docs.openssl.org/3.0/man1/openssl-ciphers/">openssl-ciphers</a>
 */
final class CipherSuites {
  /** The suites of TLS 1.3; they are not chosen with the others. */
  static final List<String> TLS13 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

  /** In the order of OpenSSL's default list: strongest first. */
  private static final List<Suite> SUITES =
      List.of(
          suite("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
          suite("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
          suite("DHE-RSA-AES256-GCM-SHA384", "DHE_RSA_WITH_AES_256_GCM_SHA384"),
          suite("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
          suite("ECDHE-RSA-CHACHA20-POLY1305", "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
          suite("DHE-RSA-CHACHA20-POLY1305", "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
          suite("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
          suite("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
          suite("DHE-RSA-AES128-GCM-SHA256", "DHE_RSA_WITH_AES_128_GCM_SHA256"),
          suite("ECDHE-ECDSA-AES256-SHA384", "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
          suite("ECDHE-RSA-AES256-SHA384", "ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
          suite("DHE-RSA-AES256-SHA256", "DHE_RSA_WITH_AES_256_CBC_SHA256"),
          suite("ECDHE-ECDSA-AES128-SHA256", "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
          suite("ECDHE-RSA-AES128-SHA256", "ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
          suite("DHE-RSA-AES128-SHA256", "DHE_RSA_WITH_AES_128_CBC_SHA256"),
          suite("ECDHE-ECDSA-AES256-SHA", "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
          suite("ECDHE-RSA-AES256-SHA", "ECDHE_RSA_WITH_AES_256_CBC_SHA"),
          suite("DHE-RSA-AES256-SHA", "DHE_RSA_WITH_AES_256_CBC_SHA"),
          suite("ECDHE-ECDSA-AES128-SHA", "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
          suite("ECDHE-RSA-AES128-SHA", "ECDHE_RSA_WITH_AES_128_CBC_SHA"),
          suite("DHE-RSA-AES128-SHA", "DHE_RSA_WITH_AES_128_CBC_SHA"),
          suite("AES256-GCM-SHA384", "RSA_WITH_AES_256_GCM_SHA384"),
          suite("AES128-GCM-SHA256", "RSA_WITH_AES_128_GCM_SHA256"),
          suite("AES256-SHA256", "RSA_WITH_AES_256_CBC_SHA256"),
          suite("AES128-SHA256", "RSA_WITH_AES_128_CBC_SHA256"),
          suite("AES256-SHA", "RSA_WITH_AES_256_CBC_SHA"),
          suite("AES128-SHA", "RSA_WITH_AES_128_CBC_SHA"));

  private static final Set<String> OUR_CHOICE = Set.of("", "default", "secure", "normal", "fast");

  private CipherSuites() {}

  /** A suite up to TLS 1.2: OpenSSL's name, and the registered one. */
  private record Suite(String openSsl, String registered) {
    boolean isIn(String group) {
      return switch (group) {
        case "ALL", "HIGH", "DEFAULT", "COMPLEMENTOFDEFAULT", "TLSV1.2", "TLSV1", "SSLV3" ->
            isInEpoch(group);
        case "ECDHE", "EECDH", "KECDHE", "KEECDH" -> openSsl.startsWith("ECDHE-");
        case "DHE", "EDH", "KDHE", "KEDH", "DH" -> openSsl.startsWith("DHE-");
        case "KRSA", "RSA" -> registered.startsWith("TLS_RSA_");
        case "ARSA" -> !registered.contains("ECDSA");
        case "ECDSA", "AECDSA" -> registered.contains("ECDSA");
        case "AES" -> openSsl.contains("AES");
        case "AES128" -> openSsl.contains("AES128");
        case "AES256" -> openSsl.contains("AES256");
        case "AESGCM" -> openSsl.contains("-GCM-");
        case "CHACHA20" -> openSsl.contains("CHACHA20");
        case "SHA1", "SHA" -> openSsl.endsWith("-SHA");
        case "SHA256" -> registered.endsWith("_CBC_SHA256");
        case "SHA384" -> registered.endsWith("_CBC_SHA384");
        default -> openSsl.equals(group) || registered.equals(group);
      };
    }

    private boolean isInEpoch(String group) {
      return switch (group) {
        case "COMPLEMENTOFDEFAULT" -> false;
        case "TLSV1.2" -> !openSsl.endsWith("-SHA");
        case "TLSV1", "SSLV3" -> openSsl.endsWith("-SHA");
        default -> true;
      };
    }
  }

  private static Suite suite(String openSsl, String registered) {
    return new Suite(openSsl, "TLS_" + registered);
  }

  /**
   * Reads a list of suites up to TLS 1.2.
   *
   * @return registered names, in the order in which they are preferred; null for a word that leaves
   *     the choice to us
   * @throws TlsFailure when nothing is chosen
   */
  static @Nullable List<String> parse(String text) throws TlsFailure {
    if (OUR_CHOICE.contains(text.toLowerCase(Locale.ROOT))) {
      return null;
    }
    Set<Suite> chosen = new LinkedHashSet<>();
    Set<Suite> banned = new LinkedHashSet<>();
    for (String word : text.split("[:, ]+")) {
      if (!word.isEmpty() && !word.startsWith("@")) {
        apply(word, chosen, banned);
      }
    }
    if (chosen.isEmpty()) {
      throw new TlsFailure("no cipher suite is left: " + text);
    }
    return chosen.stream().map(Suite::registered).toList();
  }

  private static void apply(String word, Set<Suite> chosen, Set<Suite> banned) {
    char sign = word.charAt(0);
    boolean signed = sign == '!' || sign == '-' || sign == '+';
    List<Suite> meant = select(signed ? word.substring(1) : word);
    if (sign == '!') {
      banned.addAll(meant);
    }
    if (sign == '!' || sign == '-') {
      meant.forEach(chosen::remove);
      return;
    }
    for (Suite suite : meant) {
      if (sign == '+') {
        moveToEnd(suite, chosen);
      } else if (!banned.contains(suite)) {
        chosen.add(suite);
      }
    }
  }

  private static void moveToEnd(Suite suite, Set<Suite> chosen) {
    if (chosen.remove(suite)) {
      chosen.add(suite);
    }
  }

  /** Everything that is in all of the groups between plus signs; words nobody knows select none. */
  private static List<Suite> select(String word) {
    List<Suite> selected = new ArrayList<>(SUITES);
    for (String group : word.toUpperCase(Locale.ROOT).split("\\+")) {
      selected.removeIf(suite -> !suite.isIn(group));
    }
    return selected;
  }

  /**
   * What is offered when only something else is chosen: forward secrecy and AEAD, then the rest.
   */
  static List<String> usual() {
    return SUITES.stream().map(Suite::registered).toList();
  }

  /**
   * What clients are offered unless the operator names others: whoever gets the private key later
   * cannot read what was recorded, and nothing is encrypted before it is authenticated.
   */
  static List<String> forwardSecret() {
    return SUITES.stream()
        .filter(suite -> suite.isIn("ECDHE") && (suite.isIn("AESGCM") || suite.isIn("CHACHA20")))
        .map(Suite::registered)
        .toList();
  }

  /** The name that OpenSSL has for a suite, which PgBouncer shows. */
  static String openSslName(String registered) {
    for (Suite suite : SUITES) {
      if (suite.registered().equals(registered)) {
        return suite.openSsl();
      }
    }
    return registered;
  }

  /**
   * Reads a list of suites of TLS 1.3.
   *
   * @return all of them for an empty text
   * @throws TlsFailure for an unknown name
   */
  static List<String> parseTls13(String text) throws TlsFailure {
    if (text.isEmpty()) {
      return TLS13;
    }
    List<String> chosen = List.of(text.split("[:, ]+"));
    for (String name : chosen) {
      if (!TLS13.contains(name)) {
        throw new TlsFailure("unknown cipher suite of TLS 1.3: " + name);
      }
    }
    return chosen;
  }
}
