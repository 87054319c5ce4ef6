package io.sluice.proxy.auth.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HbaRulesTest {
  @TempDir private Path directory;
  private final Names names = new Names();

  /** Answers at once, or when the test says so. */
  private static final class Names implements HostNames {
    private final Map<String, List<InetAddress>> addresses = new HashMap<>();
    private final Map<InetAddress, String> hosts = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holds;

    private void answer(Runnable answer) {
      if (holds) {
        held.add(answer);
      } else {
        answer.run();
      }
    }

    @Override
    public void addressesOf(String name, Consumer<List<InetAddress>> found) {
      answer(() -> found.accept(addresses.getOrDefault(name, List.of())));
    }

    @Override
    public void nameOf(InetAddress address, Consumer<@Nullable String> found) {
      answer(() -> found.accept(hosts.get(address)));
    }
  }

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private HbaRules rules(String text) throws IOException {
    HbaRules.Result result = HbaRules.read(file("hba.conf", text), null);
    assertThat(result).as("%s", result).isInstanceOf(HbaRules.Loaded.class);
    return ((HbaRules.Loaded) result).rules();
  }

  private String problem(String text) throws IOException {
    HbaRules.Result result = HbaRules.read(file("hba.conf", text), null);
    assertThat(result).isInstanceOf(HbaRules.Refused.class);
    List<String> problems = ((HbaRules.Refused) result).problems();
    assertThat(problems).hasSize(1);
    return problems.get(0).replace(directory + "/", "");
  }

  /** The line of the rule that decides, or 0. */
  private int line(HbaRules rules, LoginRequest login) {
    int[] line = new int[] {-1};
    rules.find(
        login,
        names,
        rule -> {
          assertThat(line[0]).isEqualTo(-1);
          line[0] = rule == null ? 0 : rule.line();
        });
    return line[0];
  }

  private static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static LoginRequest tcp(String database, String user, String address) {
    return new LoginRequest(database, user, false, ip(address), false);
  }

  private static LoginRequest local(String database, String user) {
    return new LoginRequest(database, user, false, null, false);
  }

  @Test
  void takesTheFirstRuleThatConcernsTheLogin() throws IOException {
    HbaRules rules =
        rules(
            """
            # comment
            local all all trust
            host app alice 10.0.0.0/8 md5
            host app all 10.0.0.0/8 reject
            host all all 10.0.0.0/8 scram-sha-256
            """);

    assertThat(line(rules, local("app", "alice"))).isEqualTo(2);
    assertThat(line(rules, tcp("app", "alice", "10.1.2.3"))).isEqualTo(3);
    assertThat(line(rules, tcp("app", "bob", "10.1.2.3"))).isEqualTo(4);
    assertThat(line(rules, tcp("other", "bob", "10.1.2.3"))).isEqualTo(5);
    assertThat(line(rules, tcp("app", "alice", "11.1.2.3"))).isZero();
  }

  @Test
  void tellsTlsFromPlain() throws IOException {
    HbaRules rules =
        rules(
            """
            hostgssenc all all all trust
            hostssl all all all md5
            hostnossl all bob all md5
            hostnogssenc all carol all md5
            """);
    LoginRequest encrypted = new LoginRequest("db", "bob", false, ip("::1"), true);

    assertThat(line(rules, encrypted)).isEqualTo(2);
    assertThat(line(rules, tcp("db", "bob", "::1"))).isEqualTo(3);
    assertThat(line(rules, tcp("db", "carol", "::1"))).isEqualTo(4);
    assertThat(line(rules, tcp("db", "dave", "::1"))).isZero();
    assertThat(line(rules, local("db", "bob"))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.9.9.9/8, 10.1.1.1, true",
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "1.2.3.4/32, 1.2.3.4, true",
    "1.2.3.4/32, 1.2.3.5, false",
    "1.2.3.4/31, 1.2.3.5, true",
    "10.0.0.0 255.0.0.0, 10.4.5.6, true",
    "10.0.5.0 255.0.255.0, 10.77.5.6, true",
    "10.0.5.0 255.0.255.0, 10.77.6.6, false",
    "fe80::/10, fe80::1, true",
    "fe80::/10, fec0::1, false",
    "::/0, 1.2.3.4, false",
    "all, 1.2.3.4, true",
    "all, ::2, true",
    "::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ::1, true"
  })
  void comparesAddresses(String range, String address, boolean matches) throws IOException {
    HbaRules rules = rules("host all all " + range + " trust\n");

    assertThat(line(rules, tcp("a", "b", address))).isEqualTo(matches ? 1 : 0);
  }

  @Test
  void knowsTheOwnHostAndItsNetworks() throws IOException {
    assertThat(line(rules("host all all samehost trust"), tcp("a", "b", "127.0.0.1"))).isEqualTo(1);
    assertThat(line(rules("host all all samehost trust"), tcp("a", "b", "127.9.0.1"))).isZero();
    assertThat(line(rules("host all all samenet trust"), tcp("a", "b", "127.9.0.1"))).isEqualTo(1);
    assertThat(line(rules("host all all samenet trust"), tcp("a", "b", "203.0.113.7"))).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "all, app, alice, true",
        "'\"all\"', app, alice, false",
        "'\"all\"', all, alice, true",
        "sameuser, alice, alice, true",
        "sameuser, app, alice, false",
        "'\"sameuser\"', sameuser, alice, true",
        "'one,app', app, alice, true",
        "'one, app', app, alice, true",
        "'\"a b\"\"c\"', 'a b\"c', alice, true",
        "'/^ap+$', appp, alice, true",
        "'/^ap+$', xapp, alice, false",
        "'/p', app, alice, true",
        "'\"/^a{1,2}p\"', aap, alice, true",
        "'\"/^a{1,2}p\"', aaap, alice, false",
        "replication, app, alice, false",
        "'\"replication\"', replication, alice, true",
        "APP, app, alice, false"
      })
  void comparesDatabases(String list, String database, String user, boolean matches)
      throws IOException {
    HbaRules rules = rules("local " + list + " all trust\n");

    assertThat(line(rules, local(database, user))).isEqualTo(matches ? 1 : 0);
  }

  @Test
  void letsOnlyTheWordReplicationConcernPhysicalReplication() throws IOException {
    HbaRules rules = rules("local all all trust\nlocal replication all md5\n");

    assertThat(line(rules, new LoginRequest("db", "u", true, null, false))).isEqualTo(2);
    assertThat(line(rules, local("db", "u"))).isEqualTo(1);
  }

  @Test
  void comparesUsers() throws IOException {
    HbaRules rules = rules("local all alice,\"+wheel\",/^svc_ trust\n");

    assertThat(line(rules, local("db", "alice"))).isEqualTo(1);
    assertThat(line(rules, local("db", "+wheel"))).isEqualTo(1);
    assertThat(line(rules, local("db", "svc_7"))).isEqualTo(1);
    assertThat(line(rules, local("db", "bob"))).isZero();
  }

  @Test
  void answersAnExpressionInLinearTime() throws IOException {
    HbaRules rules = rules("local all /^(a+)+$ trust\n");

    assertThat(line(rules, local("db", "a".repeat(100_000) + "b"))).isZero();
  }

  @Test
  void asksForTheAddressesOfHosts() throws IOException {
    names.addresses.put("db.example.com", List.of(ip("192.0.2.1"), ip("192.0.2.2")));
    HbaRules rules = rules("host all all DB.example.com trust\nhost all all all md5\n");

    assertThat(line(rules, tcp("a", "b", "192.0.2.2"))).isEqualTo(1);
    assertThat(line(rules, tcp("a", "b", "192.0.2.3"))).isEqualTo(2);
  }

  @Test
  void asksForTheNameOfAnAddressBelowADomain() throws IOException {
    names.hosts.put(ip("192.0.2.1"), "Web.Example.COM");
    names.hosts.put(ip("192.0.2.2"), "notexample.com");
    HbaRules rules = rules("host all all .example.com trust\nhost all all all md5\n");

    assertThat(line(rules, tcp("a", "b", "192.0.2.1"))).isEqualTo(1);
    assertThat(line(rules, tcp("a", "b", "192.0.2.2"))).isEqualTo(2);
    assertThat(line(rules, tcp("a", "b", "192.0.2.3"))).isEqualTo(2);
  }

  @Test
  void goesOnWhenAnAnswerComesLate() throws IOException {
    names.holds = true;
    names.addresses.put("two", List.of(ip("192.0.2.2")));
    HbaRules rules = rules("host all all one trust\nhost all all two trust\n");
    List<Integer> lines = new ArrayList<>();
    rules.find(
        tcp("a", "b", "192.0.2.2"), names, rule -> lines.add(rule == null ? 0 : rule.line()));

    assertThat(lines).isEmpty();
    names.held.remove(0).run();
    assertThat(lines).isEmpty();
    names.held.remove(0).run();
    assertThat(lines).containsExactly(2);
  }

  @Test
  void walksThousandsOfHostsWithoutRecursion() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("host all all host").append(i).append(" trust\n");
    }
    assertThat(line(rules(text.toString()), tcp("a", "b", "192.0.2.2"))).isZero();
  }

  @Test
  void readsIncludedFilesAndLists() throws IOException {
    file("names", "alice, bob # a comment\n\"carol\"\n@more\n");
    file("more", "dave\n");
    file("sub/one.conf", "host one all all trust\n");
    file("sub/two.conf", "include three\n");
    file("sub/three", "host three all all trust\n");
    file("sub/.hidden.conf", "host hidden all all nonsense\n");
    file("sub/other.txt", "nonsense\n");
    HbaRules rules =
        rules(
            """
            local all @names trust
            include_dir sub
            include_if_exists nowhere
            include "sub/one.conf"
            """);

    assertThat(rules.all())
        .extracting(HbaRule::databaseText)
        .containsExactly("all", "one", "three", "one");
    assertThat(rules.all().get(0).userText()).isEqualTo("alice,bob,\"carol\",dave");
    assertThat(rules.all().get(2).place()).endsWith("sub/three:1");
  }

  @Test
  void continuesLinesThatEndWithABackslash() throws IOException {
    HbaRules rules = rules("local all \\\n  alice,\\\nbob \\\n trust\nlocal all carol md5\r\n");

    assertThat(rules.all().get(0)).hasToString("local all alice,bob trust");
    assertThat(rules.all().get(1).line()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "nonsense all all trust | invalid connection type \"nonsense\"",
        "local | end-of-line before database specification",
        "local all | end-of-line before role specification",
        "local all all | end-of-line before authentication method",
        "host all all trust | end-of-line before authentication method",
        "host all all | end-of-line before IP address specification",
        "host all all 1.2.3.4 | end-of-line before netmask specification",
        "host all all 1.2.3.4 5 trust | invalid IP mask \"5\"",
        "host all all 1.2.3.4 ::1 trust | IP address and mask do not match",
        "host all all 1.2.3.4/33 trust | invalid CIDR mask in address \"1.2.3.4/33\"",
        "host all all 1.2.3.4/ trust | invalid CIDR mask in address \"1.2.3.4/\"",
        "host all all ::/129 trust | invalid CIDR mask in address \"::/129\"",
        "host all all 1.2.3.4/-1 trust | invalid CIDR mask in address \"1.2.3.4/-1\"",
        "host all all 1.2.3/8 trust | specifying both host name and CIDR mask is invalid: \"1.2.3/8\"",
        "host all all 1.2.3.400 trust | invalid IP address \"1.2.3.400\"",
        "host all all a,b trust | multiple values specified for IP address specification",
        "local,host all all trust | multiple values specified for connection type",
        "local all all trust,md5 | multiple values specified for authentication method",
        "local all all frust | invalid authentication method \"frust\"",
        "local all all plain | invalid authentication method \"plain\": in this file it is \"password\"",
        "host all all all peer | peer authentication is only supported on local sockets",
        "host all all all cert | cert authentication is only supported on hostssl connections",
        "local all all md5 x | authentication option not in name=value format: x",
        "local all all md5 x=1 | unrecognized authentication option name: \"x\"",
        "local all all md5 map=m | authentication option \"map\" is only valid for authentication methods peer, cert and jwt",
        "local all all peer map=m | there is no map \"m\" in auth_ident_file",
        "host all all all md5 clientcert=verify-ca | clientcert can only be configured for \"hostssl\" rows",
        "hostssl all all all md5 clientcert=1 | invalid value for clientcert: \"1\"",
        "hostssl all all all cert clientcert=verify-ca | clientcert only accepts \"verify-full\" when using \"cert\" authentication",
        "local all all md5 ldapserver=x | authentication option \"ldapserver\" is only valid for authentication method ldap",
        "local all /( trust | invalid regular expression: error parsing regexp: missing closing ): `(`",
        "local samerole all trust | who is a member of which role is not known to a pooler: list the names, or use @file",
        "local all +admins trust | who is a member of which role is not known to a pooler: list the names, or use @file",
      })
  void refusesTheFileWithThePlaceOfTheMistake(String line, String sentence) throws IOException {
    assertThat(problem("local all all trust\n" + line.strip() + "\n"))
        .isEqualTo("hba.conf:2: " + sentence.strip());
  }

  @Test
  void readsTheOptionsOfAnLdapRule() throws IOException {
    HbaRules rules =
        rules(
            "host all all all ldap ldapserver=\"a b\" ldapbinddn=\"dc=c,dc=d\""
                + " ldapbindpasswd=secret ldapbasedn=\"dc=c,dc=d\"\n");

    assertThat(rules.all().get(0).optionText())
        .isEqualTo("ldapserver=a b ldapbinddn=dc=c,dc=d ldapbindpasswd=**** ldapbasedn=dc=c,dc=d");
    assertThat(problem("host all all all ldap ldapserver=x\n"))
        .startsWith("hba.conf:1: authentication method \"ldap\" requires argument");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gss", "sspi", "radius", "ident", "oauth"})
  void namesTheMethodsInPlaceOfOnesItDoesNotHave(String method) throws IOException {
    assertThat(problem("host all all all " + method + "\n"))
        .startsWith("hba.conf:1: authentication method \"" + method + "\" is not supported")
        .contains("scram-sha-256");
  }

  @Test
  void reportsMissingFilesAndEmptyOnes() throws IOException {
    assertThat(problem("# nothing\n"))
        .isEqualTo("hba.conf: there are no rules, so nobody could log in");
    assertThat(problem("include nowhere\nlocal all all trust\n"))
        .isEqualTo("hba.conf:1: nowhere does not exist");
    assertThat(problem("local all @nowhere trust\n"))
        .startsWith("hba.conf:1: nowhere does not exist");
    assertThat(((HbaRules.Refused) HbaRules.read(directory.resolve("x"), null)).problems())
        .hasSize(1);
  }

  @Test
  void refusesFilesThatIncludeThemselves() throws IOException {
    assertThat(problem("include hba.conf\n"))
        .isEqualTo("hba.conf:1: files include one another more than 10 deep");
    file("loop", "@loop\n");
    assertThat(problem("local all @loop trust\n"))
        .startsWith("hba.conf:1: files name one another more than 10 deep");
  }

  @Test
  void readsAllMistakesAtOnce() throws IOException {
    HbaRules.Result result = HbaRules.read(file("hba.conf", "x\nlocal all all trust\ny\n"), null);

    assertThat(((HbaRules.Refused) result).problems()).hasSize(2);
  }
}
