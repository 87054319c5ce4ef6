package io.sluice.proxy.auth.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a password is checked by a directory. Immutable.
 *
 * <p>Either a <em>simple bind</em>, as {@code prefix + user + suffix}; or a <em>search</em> for the
 * user's entry below a base, and a bind as what was found.
 *
 * @param hosts where the directory is; tried in order
 * @param isLdaps whether TLS begins at once
 * @param startsTls whether TLS is asked for with StartTLS
 * @param prefix of a simple bind
 * @param suffix of a simple bind
 * @param baseDn of a search; null for a simple bind
 * @param scope of a search
 * @param bindDn who searches; null for anybody
 * @param bindPassword password of {@code bindDn}
 * @param filter what is searched for; {@code $username} stands for the user
 * @see <a href="https://www.postgresql.org/docs/current/auth-ldap.html">LDAP authentication</a>
 */
public record LdapOptions(
    List<Host> hosts,
    boolean isLdaps,
    boolean startsTls,
    String prefix,
    String suffix,
    @Nullable String baseDn,
    SearchScope scope,
    @Nullable String bindDn,
    @Nullable String bindPassword,
    String filter) {

  /** The names of the options. */
  public static final Set<String> NAMES =
      Set.of(
          "ldapurl",
          "ldapserver",
          "ldapport",
          "ldapscheme",
          "ldaptls",
          "ldapprefix",
          "ldapsuffix",
          "ldapbasedn",
          "ldapbinddn",
          "ldapbindpasswd",
          "ldapsearchattribute",
          "ldapsearchfilter");

  /** What stands for the user in a filter. */
  static final String USER = "$username";

  private static final int LDAP_PORT = 389;
  private static final int LDAPS_PORT = 636;
  private static final int MAX_PORT = 65_535;

  /** One server of the directory. */
  public record Host(String name, int port) {}

  /** Options that contradict one another, or are not understood; the message is the sentence. */
  public static final class Mistake extends Exception {
    private static final long serialVersionUID = 1;

    Mistake(String sentence) {
      super(sentence, null, false, false);
    }
  }

  /** Says whether the user's entry is searched for. */
  boolean searches() {
    return baseDn != null;
  }

  /**
   * Understands options.
   *
   * @throws Mistake if they are none
   */
  public static LdapOptions parse(Map<String, String> options) throws Mistake {
    String url = options.get("ldapurl");
    return url == null ? new Reader(options).read() : fromUrl(options, url);
  }

  /** {@code ldap[s]://host[:port]/basedn[?[attribute][?[scope][?[filter]]]]}. */
  private static LdapOptions fromUrl(Map<String, String> options, String text) throws Mistake {
    LDAPURL url;
    try {
      url = new LDAPURL(text);
    } catch (LDAPException broken) {
      throw new Mistake("could not parse LDAP URL \"" + text + "\"");
    }
    if (url.getScheme().equals("ldapi")) {
      throw new Mistake("unsupported LDAP URL scheme: ldapi");
    }
    Map<String, String> all = new java.util.LinkedHashMap<>(options);
    all.put("ldapscheme", url.getScheme());
    putIfAbsent(all, "ldapserver", url.hostProvided() ? url.getHost() : null);
    putIfAbsent(all, "ldapport", url.portProvided() ? Integer.toString(url.getPort()) : null);
    putIfAbsent(all, "ldapbasedn", url.baseDNProvided() ? url.getBaseDN().toString() : null);
    String[] attributes = url.getAttributes();
    putIfAbsent(all, "ldapsearchattribute", attributes.length > 0 ? attributes[0] : null);
    putIfAbsent(all, "ldapsearchfilter", url.filterProvided() ? url.getFilter().toString() : null);
    Reader reader = new Reader(all);
    reader.scope = url.scopeProvided() ? url.getScope() : SearchScope.SUB;
    return reader.read();
  }

  private static void putIfAbsent(Map<String, String> all, String name, @Nullable String value) {
    if (value != null) {
      all.putIfAbsent(name, value);
    }
  }

  /** Reads the options one by one. Confined to one thread. */
  private static final class Reader {
    private final Map<String, String> options;
    private SearchScope scope = SearchScope.SUB;

    Reader(Map<String, String> options) {
      this.options = options;
    }

    LdapOptions read() throws Mistake {
      for (String name : options.keySet()) {
        if (!NAMES.contains(name)) {
          throw new Mistake("unrecognized LDAP option name: \"" + name + "\"");
        }
      }
      checkMode();
      boolean isLdaps = isLdaps();
      return new LdapOptions(
          hosts(isLdaps ? LDAPS_PORT : LDAP_PORT),
          isLdaps,
          startsTls(isLdaps),
          options.getOrDefault("ldapprefix", ""),
          options.getOrDefault("ldapsuffix", ""),
          baseDn(),
          scope,
          options.get("ldapbinddn"),
          options.get("ldapbindpasswd"),
          filter());
    }

    private void checkMode() throws Mistake {
      boolean binds = options.containsKey("ldapprefix") || options.containsKey("ldapsuffix");
      boolean searches =
          options.containsKey("ldapbasedn")
              || options.containsKey("ldapbinddn")
              || options.containsKey("ldapbindpasswd")
              || options.containsKey("ldapsearchattribute")
              || options.containsKey("ldapsearchfilter");
      if (binds && searches) {
        throw new Mistake("cannot mix options for simple bind and search+bind modes");
      }
      if (!binds && !options.containsKey("ldapbasedn")) {
        throw new Mistake(
            "authentication method \"ldap\" requires argument \"ldapbasedn\", \"ldapprefix\", or"
                + " \"ldapsuffix\" to be set");
      }
      if (options.containsKey("ldapsearchattribute") && options.containsKey("ldapsearchfilter")) {
        throw new Mistake("cannot use ldapsearchattribute together with ldapsearchfilter");
      }
    }

    private boolean isLdaps() throws Mistake {
      return switch (options.getOrDefault("ldapscheme", "ldap")) {
        case "ldap" -> false;
        case "ldaps" -> true;
        default -> throw new Mistake("ldapscheme is ldap or ldaps");
      };
    }

    private boolean startsTls(boolean isLdaps) throws Mistake {
      boolean starts = options.getOrDefault("ldaptls", "0").equals("1");
      if (starts && isLdaps) {
        throw new Mistake("ldaptls and ldapscheme=ldaps are two ways of the same");
      }
      return starts;
    }

    private List<Host> hosts(int defaultPort) throws Mistake {
      int port = defaultPort;
      String text = options.get("ldapport");
      if (text != null) {
        port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port == 0 || port > MAX_PORT) {
          throw new Mistake("invalid LDAP port number: \"" + text + "\"");
        }
      }
      List<Host> hosts = new ArrayList<>();
      for (String name : options.getOrDefault("ldapserver", "").split("[ \t]+", -1)) {
        if (!name.isEmpty()) {
          hosts.add(new Host(name, port));
        }
      }
      if (hosts.isEmpty()) {
        throw new Mistake(
            "authentication method \"ldap\" requires ldapserver, or a host in ldapurl");
      }
      return List.copyOf(hosts);
    }

    private @Nullable String baseDn() throws Mistake {
      String base = options.get("ldapbasedn");
      if (base != null && !DN.isValidDN(base)) {
        throw new Mistake("ldapbasedn is no distinguished name: \"" + base + "\"");
      }
      return base;
    }

    private String filter() throws Mistake {
      String filter = options.get("ldapsearchfilter");
      if (filter == null) {
        String attribute = options.getOrDefault("ldapsearchattribute", "uid");
        filter = "(" + attribute + "=" + USER + ")";
      }
      String whole = filter.startsWith("(") ? filter : "(" + filter + ")";
      try {
        Filter.create(whole.replace(USER, "name"));
      } catch (LDAPException broken) {
        throw new Mistake("invalid LDAP search filter: \"" + filter + "\"");
      }
      return whole;
    }
  }

  /** Hides the bind password. */
  @Override
  public String toString() {
    return "LdapOptions" + hosts;
  }
}
