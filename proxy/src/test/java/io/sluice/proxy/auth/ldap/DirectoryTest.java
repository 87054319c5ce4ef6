package io.sluice.proxy.auth.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryTest {
  private static InMemoryDirectoryServer server;

  @BeforeAll
  static void startDirectory() throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", InetAddress.getLoopbackAddress(), 0, null));
    config.setSchema(null);
    server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
    add("alice", "ou=people", "secret");
    add("bob", "ou=people", "other");
    add("twin", "ou=people", "secret");
    add("twin", "ou=others", "secret");
    server.startListening();
  }

  private static void add(String uid, String unit, String password) throws Exception {
    String place = unit + ",dc=example,dc=com";
    if (server.getEntry(place) == null) {
      server.add("dn: " + place, "objectClass: organizationalUnit", unit.replace("=", ": "));
    }
    server.add(
        "dn: uid=" + uid + "," + place,
        "objectClass: person",
        "uid: " + uid,
        "mail: " + uid + "@example.com",
        "userPassword: " + password);
  }

  @AfterAll
  static void stopDirectory() {
    server.shutDown(true);
  }

  private static LdapOptions options(String text) throws LdapOptions.Mistake {
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : text.split(" ", -1)) {
      int sign = option.indexOf('=');
      options.put(option.substring(0, sign), option.substring(sign + 1).replace('_', ' '));
    }
    return LdapOptions.parse(options);
  }

  private static String verdict(String text, String user, String password)
      throws LdapOptions.Mistake {
    String here = text.replace("HERE", "127.0.0.1:" + server.getListenPort());
    if (!here.contains("ldapurl")) {
      here += " ldapserver=127.0.0.1 ldapport=" + server.getListenPort();
    }
    Directory.Verdict verdict = new Directory(options(here)).check(user, password);
    return verdict instanceof Directory.Wrong wrong ? wrong.why() : "right";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ldapprefix=uid= ldapsuffix=,ou=people,dc=example,dc=com",
        "ldapbasedn=dc=example,dc=com",
        "ldapbasedn=dc=example,dc=com ldapsearchattribute=uid",
        "ldapbasedn=dc=example,dc=com ldapsearchfilter=(mail=$username@example.com)",
        "ldapbasedn=dc=example,dc=com ldapsearchfilter=(|(uid=$username)(mail=$username))",
        "ldapbasedn=dc=example,dc=com ldapbinddn=uid=bob,ou=people,dc=example,dc=com"
            + " ldapbindpasswd=other",
        "ldapurl=ldap://HERE/dc=example,dc=com",
        "ldapurl=ldap://HERE/dc=example,dc=com?uid?sub",
        "ldapurl=ldap://HERE/ou=people,dc=example,dc=com?uid?one",
        "ldapurl=ldap://HERE/dc=example,dc=com??sub?(uid=$username)"
      })
  void tellsRightFromWrongPasswords(String options) throws LdapOptions.Mistake {
    assertThat(verdict(options, "alice", "secret")).isEqualTo("right");
    assertThat(verdict(options, "alice", "wrong")).isEqualTo("invalid credentials");
    assertThat(verdict(options, "alice", "")).isEqualTo("empty password");
    assertThat(verdict(options, "nobody", "secret"))
        .isIn("invalid credentials", "not exactly one entry is found for the user");
  }

  @Test
  void refusesAUserOfWhomThereAreTwo() throws LdapOptions.Mistake {
    assertThat(verdict("ldapbasedn=dc=example,dc=com", "twin", "secret"))
        .isEqualTo("not exactly one entry is found for the user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"al*", "*", "alice)(uid=bob", "a\\6cice", "alice/"})
  void searchesForNamesOnly(String user) throws LdapOptions.Mistake {
    assertThat(verdict("ldapbasedn=dc=example,dc=com", user, "secret"))
        .startsWith("user name holds one of");
  }

  @Test
  void bindsAsANameOnly() throws LdapOptions.Mistake {
    assertThat(
            verdict("ldapprefix=uid= ldapsuffix=,dc=example,dc=com", "alice,ou=people", "secret"))
        .startsWith("user name holds one of");
  }

  @Test
  void saysSoWhenTheSearcherIsRefused() throws LdapOptions.Mistake {
    String options =
        "ldapbasedn=dc=example,dc=com ldapbinddn=uid=bob,ou=people,dc=example,dc=com"
            + " ldapbindpasswd=wrong";
    assertThat(verdict(options, "alice", "secret")).isEqualTo("invalid credentials");
  }

  @Test
  void triesTheNextServer() throws LdapOptions.Mistake {
    String options =
        "ldapserver=127.0.0.9_127.0.0.1 ldapbasedn=dc=example,dc=com ldapport="
            + server.getListenPort();
    assertThat(new Directory(options(options)).check("alice", "secret"))
        .isEqualTo(new Directory.Right());
  }

  @Test
  void doesNotWaitForADirectoryThatSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String options =
          "ldapserver=127.0.0.1 ldapbasedn=dc=example,dc=com ldapport=" + silent.getLocalPort();
      assertThat(new Directory(options(options)).check("alice", "secret"))
          .isInstanceOf(Directory.Wrong.class);
    }
  }

  @Test
  void doesNotFallBackFromTls() throws IOException, LdapOptions.Mistake {
    assertThat(verdict("ldapbasedn=dc=example,dc=com ldaptls=1", "alice", "secret"))
        .startsWith("directory:");
    assertThat(verdict("ldapbasedn=dc=example,dc=com ldapscheme=ldaps", "alice", "secret"))
        .startsWith("directory:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ldapserver=x | requires argument",
        "ldapbasedn=dc=a | requires ldapserver",
        "ldapserver=x ldapbasedn=dc=a ldapprefix=b | cannot mix options",
        "ldapserver=x ldapsuffix=a ldapsearchfilter=(b=c) | cannot mix options",
        "ldapserver=x ldapbasedn=a | no distinguished name",
        "ldapserver=x ldapbasedn=dc=a ldapport=0 | invalid LDAP port number",
        "ldapserver=x ldapbasedn=dc=a ldapport=70000 | invalid LDAP port number",
        "ldapserver=x ldapbasedn=dc=a ldapscheme=http | ldap or ldaps",
        "ldapserver=x ldapbasedn=dc=a ldapscheme=ldaps ldaptls=1 | two ways of the same",
        "ldapserver=x ldapbasedn=dc=a ldapsearchattribute=b ldapsearchfilter=(c=d) | cannot use",
        "ldapserver=x ldapbasedn=dc=a ldapsearchfilter=((b) | invalid LDAP search filter",
        "ldapurl=http://x/dc=a | could not parse LDAP URL",
        "ldapserver=x ldapnonsense=1 | unrecognized LDAP option name"
      })
  void refusesOptionsThatCannotBeMeant(String text, String sentence) {
    assertThatThrownBy(() -> options(text))
        .isInstanceOf(LdapOptions.Mistake.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void hidesTheBindPassword() throws LdapOptions.Mistake {
    LdapOptions options =
        options("ldapserver=x ldapbasedn=dc=a ldapbinddn=dc=b ldapbindpasswd=secret");
    assertThat(options.toString()).doesNotContain("secret");
  }
}
