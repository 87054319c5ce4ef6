package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import io.sluice.proxy.fake.TestAuthority;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose certificates say who somebody is. */
class TlsContextTest {
  @TempDir static Path directory;

  private static String files;
  private static String authority;

  @BeforeAll
  static void makeCertificates() throws Exception {
    TestAuthority ours = TestAuthority.create("Ours");
    files = TestAuthority.settings(ours.server(), directory, "client");
    authority = String.valueOf(ours.writeTo(directory.resolve("ca.crt")));
  }

  private static Values values(String... settings) {
    Result read = ConfigLoader.parseText("[pgbouncer]\n" + String.join("\n", settings) + "\n");
    return ((Result.Loaded) read).config().values();
  }

  private static TlsContext forClients(String... settings) throws TlsFailure {
    String own = String.join("\n", settings);
    return TlsContext.build(TlsRole.CLIENTS, TlsSettings.forClients(values(files, own)));
  }

  /** Its certificate is checked, and everybody who has a host name can have one that passes. */
  @Test
  void believesNoPublicAuthorityAboutClients() throws TlsFailure {
    assertThat(forClients("client_tls_sslmode = verify-ca").knowsPeers()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prefer", "require", "verify-ca", "verify-full"})
  void believesOurAuthoritiesAboutClients(String mode) throws TlsFailure {
    String ours = "client_tls_ca_file = " + authority;
    assertThat(forClients("client_tls_sslmode = " + mode, ours).knowsPeers()).isTrue();
  }

  @Test
  void believesPublicAuthoritiesAboutServers() throws TlsFailure {
    Values values = values("server_tls_sslmode = verify-full");
    assertThat(TlsContext.build(TlsRole.SERVERS, TlsSettings.forServers(values, values)))
        .matches(TlsContext::knowsPeers);
  }
}
