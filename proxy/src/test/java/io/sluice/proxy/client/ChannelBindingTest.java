package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.scram.ScramBinding;
import io.sluice.protocol.scram.ScramClient;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SCRAM logins of clients that are bound to their TLS connection, or pretend to be. */
class ChannelBindingTest {
  private static final String PLUS = ScramBinding.BOUND_MECHANISM;
  private static final String PLAIN = ScramBinding.PLAIN_MECHANISM;

  @TempDir static Path directory;

  private static TestAuthority ours;
  private static String settings;

  @BeforeAll
  static void makeFiles() throws Exception {
    ours = TestAuthority.create("Ours");
    Path users = Files.writeString(directory.resolve("users.txt"), "\"app\" \"secret\"\n");
    settings =
        """
        auth_type = scram-sha-256
        auth_file = %s
        client_tls_sslmode = prefer
        """
                .formatted(users)
            + TestAuthority.settings(ours.server(), directory, "client");
  }

  private static RunningProxy proxy(String mode) throws IOException {
    return new RunningProxy(settings, "client_channel_binding = " + mode);
  }

  private static Peer secured(RunningProxy proxy) throws Exception {
    Peer client = proxy.connect();
    client.send(ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array());
    assertThat(client.readByte()).isEqualTo('S');
    return client.secure(ours.context(null));
  }

  /** Sends the StartupMessage; what the proxy offers. */
  private static List<String> offered(Peer client) throws IOException {
    client.send(Wire.startup("user", "app", "database", "db"));
    Peer.Message message = client.read();
    if (message.type() != 'R') {
      return List.of(message.toString());
    }
    return List.of(message.text().substring(4).split("\0"));
  }

  private static byte[] hash(Peer client) throws Exception {
    byte[] certificate =
        ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0].getEncoded();
    return MessageDigest.getInstance("SHA-256").digest(certificate);
  }

  /** Goes through the exchange as far as the proxy lets it. */
  private static String login(Peer client, String mechanism, ScramBinding binding)
      throws IOException {
    ScramClient scram = ScramClient.withPassword("secret", binding, new SecureRandom());
    byte[] first = scram.clientFirst();
    client.send(
        Wire.message(
            'p', Wire.cstr(mechanism), ByteBuffer.allocate(4).putInt(first.length).array(), first));
    Peer.Message challenge = client.read();
    if (challenge.type() != 'R') {
      return challenge.toString();
    }
    byte[] text = challenge.text().substring(4).getBytes(StandardCharsets.ISO_8859_1);
    client.send(Wire.message('p', scram.onServerFirst(text)));
    Peer.Message end = client.read();
    return end.type() == 'R' ? "accepted" : end.toString();
  }

  @Test
  void offersBindingOnlyWhereThereIsTls() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer plain = proxy.connect();
        Peer client = secured(proxy)) {
      assertThat(offered(plain)).containsExactly(PLAIN);
      assertThat(offered(client)).containsExactly(PLUS, PLAIN);
    }
  }

  @Test
  void acceptsALoginThatIsBoundToItsConnection() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = secured(proxy)) {
      assertThat(offered(client)).contains(PLUS);
      assertThat(login(client, PLUS, ScramBinding.to(hash(client)))).isEqualTo("accepted");
      Peer server = proxy.postgres().login();
      client.readTo('Z');
      server.close();
    }
  }

  @Test
  void refusesALoginThatIsBoundToAnother() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = secured(proxy)) {
      assertThat(offered(client)).contains(PLUS);
      assertThat(login(client, PLUS, ScramBinding.to(new byte[32])))
          .contains("SASL authentication failed");
    }
  }

  @Test
  void findsADowngrade() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = secured(proxy)) {
      assertThat(offered(client)).contains(PLUS);
      assertThat(login(client, PLAIN, ScramBinding.UNUSED)).contains("SASL authentication failed");
    }
  }

  @Test
  void acceptsClientsThatCannotBeBound() throws Exception {
    try (RunningProxy proxy = proxy("prefer");
        Peer client = secured(proxy)) {
      assertThat(offered(client)).contains(PLAIN);
      assertThat(login(client, PLAIN, ScramBinding.NONE)).isEqualTo("accepted");
    }
  }

  @Test
  void insistsOnBindingWhereThatIsConfigured() throws Exception {
    try (RunningProxy proxy = proxy("require");
        Peer plain = proxy.connect();
        Peer unbound = secured(proxy);
        Peer client = secured(proxy)) {
      assertThat(offered(plain).toString()).contains("SASL authentication failed");
      assertThat(offered(unbound)).containsExactly(PLUS);
      assertThat(login(unbound, PLAIN, ScramBinding.NONE))
          .contains("client selected an invalid SASL authentication mechanism");
      assertThat(offered(client)).containsExactly(PLUS);
      assertThat(login(client, PLUS, ScramBinding.to(hash(client)))).isEqualTo("accepted");
    }
  }

  @Test
  void offersNothingWhereItIsDisabled() throws Exception {
    try (RunningProxy proxy = proxy("disable");
        Peer client = secured(proxy)) {
      assertThat(offered(client)).containsExactly(PLAIN);
      assertThat(login(client, PLAIN, ScramBinding.UNUSED)).isEqualTo("accepted");
    }
  }
}
