package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins whose password a directory checks. */
class DirectoryLoginTest {
  private static InMemoryDirectoryServer directory;

  @BeforeAll
  static void startDirectory() throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example");
    config.setSchema(null);
    directory = new InMemoryDirectoryServer(config);
    directory.add("dn: dc=example", "objectClass: domain", "dc: example");
    directory.add(
        "dn: uid=alice,dc=example", "objectClass: person", "uid: alice", "userPassword: secret");
    directory.startListening();
  }

  @AfterAll
  static void stopDirectory() {
    directory.shutDown(true);
  }

  private static RunningProxy proxy() throws IOException {
    return new RunningProxy(
        "auth_type = ldap",
        "auth_ldap_options = ldapurl=\"ldap://127.0.0.1:"
            + directory.getListenPort()
            + "/dc=example?uid?sub\"");
  }

  private static Peer start(RunningProxy proxy) throws IOException {
    Peer client = proxy.connect();
    client.send(Wire.startup("user", "alice", "database", "own"));
    assertThat(client.read().text()).isEqualTo("\0\0\0\3");
    return client;
  }

  @Test
  void usesThePasswordForTheServersToo() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy)) {
      client.send(Wire.password("secret"));
      try (Peer own = proxy.postgres().accept()) {
        own.readPacket();
        own.send(Wire.message('R', new byte[] {0, 0, 0, 3}));
        assertThat(own.read().text()).isEqualTo("secret\0");
      }
    }
  }

  @Test
  void refusesAWrongPassword() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy)) {
      client.send(Wire.password("wrong"));
      List<Peer.Message> messages = client.readToEnd();
      assertThat(messages.get(0).text()).contains("MLDAP authentication failed");
    }
  }
}
