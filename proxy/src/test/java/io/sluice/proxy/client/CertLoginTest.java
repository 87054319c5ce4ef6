package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins that a TLS certificate vouches for: {@code cert}, {@code clientcert=}. */
class CertLoginTest {
  private static final byte[] SSL_REQUEST =
      ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();

  @TempDir static Path directory;

  private static TestAuthority ours;
  private static String files;
  private static String authority;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = TestAuthority.create("Ours");
    files = TestAuthority.settings(ours.server(), directory, "client");
    authority = "client_tls_ca_file = " + ours.writeTo(directory.resolve("ca.crt"));
    Files.writeString(
        directory.resolve("users"), "\"alice\" \"\"\n\"bob\" \"pw\"\n\"Alice\" \"\"\n");
    Files.writeString(directory.resolve("ident"), "m /^(.*)@example$ \\1\nm alice bob\n");
  }

  private static RunningProxy hba(String mode, String rules) throws Exception {
    Path hba = Files.writeString(directory.resolve("hba"), rules);
    return new RunningProxy(
        "client_tls_sslmode = " + mode,
        files,
        authority,
        "auth_type = hba",
        "auth_hba_file = " + hba,
        "auth_ident_file = " + directory.resolve("ident"),
        "auth_file = " + directory.resolve("users"));
  }

  /** What a client with a certificate is told: the type of the first message, or the refusal. */
  private static String login(RunningProxy proxy, @Nullable X509Bundle certificate, String user)
      throws Exception {
    try (Peer client = proxy.connect()) {
      client.send(SSL_REQUEST);
      assertThat(client.readByte()).isEqualTo('S');
      try (Peer secure = client.secure(ours.context(certificate))) {
        secure.send(Wire.startup("user", user, "database", "own"));
        if (isIn(proxy)) {
          return "in";
        }
        List<Peer.Message> messages = secure.readToEnd();
        String text = messages.isEmpty() ? "" : messages.get(messages.size() - 1).text();
        int at = text.indexOf("\0M");
        return at < 0 ? text : text.substring(at + 2, text.indexOf('\0', at + 2));
      }
    }
  }

  /** Waits until the client is through and waits for a server of its pool, or is gone. */
  private static boolean isIn(RunningProxy proxy) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      if (proxy.onLoop(() -> proxy.proxy().clients().count(ClientState.WAITING_LOGIN)) > 0) {
        return true;
      }
      if (proxy.onLoop(() -> proxy.proxy().clients().count()) == 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("neither in nor out");
  }

  @ParameterizedTest
  @CsvSource({
    "alice, alice, in",
    "alice, bob, certificate authentication failed",
    "alice, Alice, certificate authentication failed",
    "*, alice, certificate authentication failed",
    "nobody, nobody, certificate authentication failed"
  })
  void letsInWhomTheCertificateIsFor(String name, String user, String outcome) throws Exception {
    X509Bundle certificate = ours.issue("CN=" + name, shape -> shape);
    try (RunningProxy proxy = hba("verify-full", "hostssl all all all cert\n")) {
      assertThat(login(proxy, certificate, user)).isEqualTo(outcome);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alice@example, alice, in",
    "alice@example, bob, certificate authentication failed",
    "alice, bob, in",
    "alice, alice, certificate authentication failed"
  })
  void mapsTheNamesOfCertificates(String name, String user, String outcome) throws Exception {
    X509Bundle certificate = ours.issue("CN=" + name, shape -> shape);
    try (RunningProxy proxy = hba("verify-ca", "hostssl all all all cert map=m\n")) {
      assertThat(login(proxy, certificate, user)).isEqualTo(outcome);
    }
  }

  @Test
  void believesNoCertificateThatItCannotCheck() throws Exception {
    try (RunningProxy proxy = hba("prefer", "hostssl all all all cert\n")) {
      assertThat(login(proxy, null, "alice")).isEqualTo("certificate authentication failed");
    }
  }

  @Test
  void demandsACertificateBesideTheMethod() throws Exception {
    String rules =
        "hostssl all alice all trust clientcert=verify-full\n"
            + "hostssl all bob all trust clientcert=verify-ca\n";
    X509Bundle certificate = ours.issue("CN=alice", shape -> shape);
    X509Bundle other = ours.issue("CN=carol", shape -> shape);
    try (RunningProxy proxy = hba("prefer", rules)) {
      assertThat(login(proxy, certificate, "alice")).isEqualTo("in");
    }
    try (RunningProxy proxy = hba("prefer", rules)) {
      assertThat(login(proxy, other, "alice")).isEqualTo("certificate authentication failed");
      assertThat(login(proxy, null, "alice")).isEqualTo("certificate authentication failed");
      assertThat(login(proxy, null, "bob")).isEqualTo("certificate authentication failed");
      assertThat(login(proxy, other, "bob")).isEqualTo("in");
    }
  }

  @Test
  void takesHostsslRulesForEncryptedLoginsOnly() throws Exception {
    String rules = "hostssl all all all trust\nhostnossl all all all reject\n";
    try (RunningProxy proxy = hba("prefer", rules);
        Peer plain = proxy.connect()) {
      plain.send(Wire.startup("user", "alice", "database", "own"));
      assertThat(plain.readToEnd().toString()).contains("login rejected");
      assertThat(login(proxy, null, "alice")).isEqualTo("in");
    }
  }
}
