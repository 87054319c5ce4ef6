package io.sluice.proxy.auth.hba;

import io.sluice.proxy.auth.ldap.LdapOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Understands the {@code name=value} options behind a rule's method. */
final class OptionParser {
  private static final Set<String> LDAP = LdapOptions.NAMES;
  private static final Set<String> PAM = Set.of("pamservice", "pam_use_hostname");

  private final HbaRule.Type type;
  private final HbaMethod method;
  private final IdentMaps maps;
  private final Map<String, String> others = new LinkedHashMap<>();
  private @Nullable String map;
  private HbaOptions.ClientCert clientCert = HbaOptions.ClientCert.ANY;

  OptionParser(HbaRule.Type type, HbaMethod method, IdentMaps maps) {
    this.type = type;
    this.method = method;
    this.maps = maps;
  }

  HbaOptions parse(List<HbaToken> tokens) throws Mistake {
    for (HbaToken token : tokens) {
      int sign = token.text().indexOf('=');
      if (sign < 0) {
        throw new Mistake("authentication option not in name=value format: " + token.text());
      }
      option(token.text().substring(0, sign), token.text().substring(sign + 1));
    }
    if (method == HbaMethod.CERT) {
      clientCert = HbaOptions.ClientCert.VERIFY_FULL;
    }
    return new HbaOptions(map, clientCert, Collections.unmodifiableMap(others), ldap());
  }

  private @Nullable LdapOptions ldap() throws Mistake {
    if (method != HbaMethod.LDAP) {
      return null;
    }
    try {
      return LdapOptions.parse(others);
    } catch (LdapOptions.Mistake mistake) {
      throw new Mistake(String.valueOf(mistake.getMessage()));
    }
  }

  private void option(String name, String value) throws Mistake {
    switch (name) {
      case "map" -> map(value);
      case "clientcert" -> clientCert(value);
      case "clientname" -> clientName(value);
      default -> ofMethod(name, value);
    }
  }

  private void map(String name) throws Mistake {
    if (!method.takesMap()) {
      throw new Mistake(
          "authentication option \"map\" is only valid for authentication methods peer, cert and"
              + " jwt");
    }
    if (!maps.has(name)) {
      throw new Mistake("there is no map \"" + name + "\" in auth_ident_file");
    }
    map = name;
  }

  private void clientCert(String value) throws Mistake {
    if (type != HbaRule.Type.HOSTSSL) {
      throw new Mistake("clientcert can only be configured for \"hostssl\" rows");
    }
    clientCert =
        switch (value) {
          case "verify-full" -> HbaOptions.ClientCert.VERIFY_FULL;
          case "verify-ca" -> HbaOptions.ClientCert.VERIFY_CA;
          default -> throw new Mistake("invalid value for clientcert: \"" + value + "\"");
        };
    if (method == HbaMethod.CERT && clientCert != HbaOptions.ClientCert.VERIFY_FULL) {
      throw new Mistake(
          "clientcert only accepts \"verify-full\" when using \"cert\" authentication");
    }
  }

  private void clientName(String value) throws Mistake {
    if (type != HbaRule.Type.HOSTSSL) {
      throw new Mistake("clientname can only be configured for \"hostssl\" rows");
    }
    if (!value.equals("CN")) {
      throw new Mistake("clientname=" + value + " is not supported: names are CNs");
    }
  }

  private void ofMethod(String name, String value) throws Mistake {
    boolean known =
        (LDAP.contains(name) && method == HbaMethod.LDAP)
            || (PAM.contains(name) && method == HbaMethod.PAM);
    if (known) {
      others.put(name, value);
    } else if (LDAP.contains(name) || PAM.contains(name)) {
      throw new Mistake(
          "authentication option \""
              + name
              + "\" is only valid for authentication method "
              + (LDAP.contains(name) ? "ldap" : "pam"));
    } else {
      throw new Mistake("unrecognized authentication option name: \"" + name + "\"");
    }
  }
}
