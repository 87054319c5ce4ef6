package io.sluice.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.ProxyConfig;
import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramSecret;
import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.auth.hba.LoginRequest;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.net.UnixPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who must not get in: every method, by every kind of connection, with every kind of secret, for a
 * stranger who knows no password, has no certificate and is another user of the system.
 */
class DenyMatrixTest {
  private static final List<String> METHODS =
      List.of(
          "scram-sha-256",
          "md5",
          "password",
          "cert",
          "peer",
          "trust",
          "reject",
          "ldap",
          "pam",
          "jwt");
  private static final List<String> KINDS = List.of("host", "hostssl", "hostnossl", "local");
  private static final List<String> CONNECTIONS = List.of("tcp", "tls", "unix");

  private static final List<String> SECRETS =
      List.of(
          "secret",
          Md5Password.hash("secret", "app"),
          ScramSecret.derive("secret", new byte[16], 1).print(),
          "");

  /** A service without a file: PAM's own one for such, which turns everybody away. */
  private static final String PAM_SERVICE = "sluice-deny-matrix";

  private static InMemoryDirectoryServer people;
  private static String keySet;

  @TempDir private Path directory;

  @BeforeAll
  static void startDirectory() throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example");
    config.setSchema(null);
    people = new InMemoryDirectoryServer(config);
    people.add("dn: dc=example", "objectClass: domain", "dc: example");
    people.add("dn: uid=app,dc=example", "objectClass: person", "userPassword: secret");
    people.startListening();
    keySet = new JWKSet(new RSAKeyGenerator(2048).generate()).toString(true);
  }

  @AfterAll
  static void stopDirectory() {
    people.shutDown(true);
  }

  /** One way of coming, and whether the stranger may pass it. */
  record Way(String method, String kind, String connection, @Nullable String secret) {
    /** A rule of trust that concerns the connection lets in whoever names a user. */
    boolean isOpen() {
      boolean concerned =
          switch (kind) {
            case "host" -> !connection.equals("unix");
            case "hostssl" -> connection.equals("tls");
            case "hostnossl" -> connection.equals("tcp");
            default -> connection.equals("unix");
          };
      return method.equals("trust") && concerned && secret != null;
    }

    /** cert needs TLS, peer a Unix socket: other rules are mistakes. PAM takes its time. */
    boolean isWritten() {
      if (method.equals("pam")) {
        return "secret".equals(secret) && kind.equals(connection.equals("unix") ? "local" : "host");
      }
      return !(method.equals("cert") && !kind.equals("hostssl"))
          && !(method.equals("peer") && !kind.equals("local"));
    }
  }

  static Stream<Way> ways() {
    List<Way> all = new ArrayList<>();
    for (String method : METHODS) {
      for (String kind : KINDS) {
        for (String connection : CONNECTIONS) {
          SECRETS.forEach(secret -> all.add(new Way(method, kind, connection, secret)));
          all.add(new Way(method, kind, connection, null));
        }
      }
    }
    return all.stream().filter(Way::isWritten);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void letsNobodyInWhoHasProvedNothing(Way way) throws IOException {
    Authenticator authenticator = authenticator(way);
    String stored = way.secret();
    Credentials secret = stored == null ? null : new Credentials(stored);
    int accepted = 0;
    for (byte[] answer : answers(way)) {
      AuthMethod method = open(authenticator, way, secret);
      AuthDecision decision = method.begin();
      // Whoever is asked twice answers twice.
      for (int i = 0; i < 2 && decision instanceof AuthDecision.Challenge; i++) {
        decision = method.answer(answer);
      }
      assertThat(decision).isNotInstanceOf(AuthDecision.Challenge.class);
      accepted += decision instanceof AuthDecision.Accepted ? 1 : 0;
    }
    assertThat(accepted > 0).isEqualTo(way.isOpen());
  }

  /** What a stranger may try, the stored secret itself among it where that is no password. */
  private static List<byte[]> answers(Way way) {
    String secret = way.secret();
    String stored = secret == null || secret.equals("secret") ? "x" : secret;
    if (way.method().equals("pam")) {
      return List.of(new byte[1], Wire.cstr("wrong"));
    }
    byte[] scramFirst = "n,,n=,r=abc".getBytes(StandardCharsets.US_ASCII);
    return List.of(
        new byte[0],
        new byte[1],
        Wire.cstr("wrong"),
        Wire.cstr("app"),
        Wire.cstr(stored),
        Wire.cstr("md5" + "0".repeat(32)),
        Wire.cstr("secret\0"),
        // Signed by nobody, for app.
        Wire.cstr("eyJhbGciOiJub25lIn0.eyJhdWQiOiJ1cyIsInVzZXIiOiJhcHAiLCJleHAiOjQxMDI0NDQ4MDB9."),
        Arrays.copyOf("secre".getBytes(StandardCharsets.US_ASCII), 5),
        Wire.join(Wire.cstr("SCRAM-SHA-256"), new byte[] {0, 0, 0, 11}, scramFirst),
        Wire.join(Wire.cstr("SCRAM-SHA-256"), new byte[] {-1, -1, -1, -1}),
        Wire.join(Wire.cstr("SCRAM-SHA-256-PLUS"), new byte[] {0, 0, 0, 11}, scramFirst));
  }

  private Authenticator authenticator(Way way) throws IOException {
    String address = way.kind().equals("local") ? "" : " all";
    Path rules =
        Files.writeString(
            directory.resolve("hba"),
            way.kind() + " all all" + address + " " + way.method() + options(way) + "\n");
    Path keys = Files.writeString(directory.resolve("keys"), keySet);
    Path list = Files.writeString(directory.resolve("list"), "\"other\" \"x\"\n");
    Result result =
        ConfigLoader.parseText(
            "[databases]\n* = host=h\n[pgbouncer]\nauth_type = hba\nauth_hba_file = "
                + rules
                + "\nauth_file = "
                + list
                + "\nauth_jwt_audience = us\nauth_jwt_key_set = "
                + keys
                + "\n");
    ProxyConfig config = ((Result.Loaded) result).config();
    AccessFiles.Result files = AccessFiles.read(config);
    assertThat(files).isInstanceOf(AccessFiles.Loaded.class);
    Authenticator authenticator = new Authenticator(config.values());
    authenticator.configure(config.values(), ((AccessFiles.Loaded) files).files());
    return authenticator;
  }

  private static String options(Way way) {
    return switch (way.method()) {
      case "ldap" ->
          " ldapserver=127.0.0.1 ldapport="
              + people.getListenPort()
              + " ldapprefix=\"uid=\" ldapsuffix=\",dc=example\"";
      case "pam" -> " pamservice=" + PAM_SERVICE;
      default -> "";
    };
  }

  private static AuthMethod open(
      Authenticator authenticator, Way way, @Nullable Credentials secret) {
    boolean unix = way.connection().equals("unix");
    Proof proof = unix ? new Proof(new UnixPeer(1, 1_999_999_999), null, true, "") : Proof.NONE;
    AuthMethod[] opened = new AuthMethod[1];
    authenticator.choose(
        new LoginRequest(
            "db",
            "app",
            false,
            unix ? null : InetAddress.getLoopbackAddress(),
            way.connection().equals("tls")),
        Nobody.INSTANCE,
        demand -> opened[0] = authenticator.open(demand, "app", secret, proof));
    return opened[0];
  }

  /** No rule here has a name. */
  private enum Nobody implements HostNames {
    INSTANCE;

    @Override
    public void addressesOf(String name, Consumer<List<InetAddress>> found) {
      throw new AssertionError(name);
    }

    @Override
    public void nameOf(InetAddress address, Consumer<@Nullable String> found) {
      throw new AssertionError(address);
    }
  }
}
