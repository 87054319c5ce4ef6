package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nmap's ssl-enum-ciphers and openssl s_client find that clients could agree on with Sluice.
 */
class CipherScanIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir static Path directory;

  private static CertificateFiles ours;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    ours = CertificateFiles.create("Ours");
    ours.server("sluice");
    postgres = EmbeddedPostgres.start(PostgresOptions.DEFAULT);
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  private static SluiceConfig config() throws Exception {
    return SluiceConfig.before(postgres)
        .set("client_tls_sslmode", "require")
        .set("client_tls_key_file", ours.file("sluice.key"))
        .set("client_tls_cert_file", ours.file("sluice.crt"));
  }

  private static String scan(String... settings) throws Exception {
    SluiceConfig config = config();
    for (int i = 0; i < settings.length; i += 2) {
      config.set(settings[i], settings[i + 1]);
    }
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      // All that is listed is looked at; by the name, nmap asks for TLS as PostgreSQL's clients do.
      Path services =
          Files.writeString(
              directory.resolve("services"), "postgresql\t" + sluice.port() + "/tcp\t0.9\n");
      CommandResult result =
          Command.of(
                  List.of(
                      "nmap",
                      "-n",
                      "-Pn",
                      "-sT",
                      "--servicedb",
                      services.toString(),
                      "--script",
                      "ssl-enum-ciphers",
                      "127.0.0.1"))
              .run(PATIENCE);
      assertThat(result.isSuccess()).as(result.output()).isTrue();
      return result.output();
    }
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** What openssl s_client says of a connection, which it ends after the handshake. */
  private static String shake(SluiceProcess sluice, String... options) throws Exception {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + sluice.port()));
    words.addAll(List.of("-CAfile", ours.file("ca.crt").toString()));
    words.addAll(List.of(options));
    return Command.of(words).reading("").run(PATIENCE).output();
  }

  @Test
  void agreesWithOpensslBothWays() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config())) {
      assertThat(shake(sluice, "-starttls", "postgres"))
          .contains("New, TLSv1.3, Cipher is TLS_", "Verify return code: 0 (ok)");
      assertThat(shake(sluice, "-starttls", "postgres", "-tls1_2"))
          .contains("New, TLSv1.2, Cipher is ECDHE-");
      assertThat(shake(sluice, "-alpn", "postgresql"))
          .contains("New, TLSv1.3, Cipher is TLS_", "ALPN protocol: postgresql");
    }
  }

  @Test
  void agreesWithOpensslOnNothingBelowTheFloor() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config())) {
      for (String version : List.of("-tls1", "-tls1_1")) {
        assertThat(shake(sluice, "-starttls", "postgres", version, "-cipher", "ALL:@SECLEVEL=0"))
            .as(version)
            .contains("Cipher is (NONE)");
      }
      for (String suite : List.of("AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES256-SHA")) {
        String[] options = {"-starttls", "postgres", "-tls1_2", "-cipher", suite + ":@SECLEVEL=0"};
        assertThat(shake(sluice, options)).as(suite).contains("Cipher is (NONE)");
      }
    }
  }

  @Test
  void findsNothingBelowTheFloor() throws Exception {
    String found = scan();
    assertThat(all("(SSLv3|TLSv1\\.[0-3]):", found))
        .as(found)
        .containsExactly("TLSv1.2", "TLSv1.3");
    assertThat(all("TLS_\\w+ (?:\\([^)]*\\) )?- ([A-F])", found))
        .as(found)
        .isNotEmpty()
        .containsOnly("A");
    assertThat(all("least strength: (\\w)", found)).containsExactly("A");
    // Those of TLS 1.3 are named without their key exchange, which is ephemeral with all of them.
    assertThat(all("(TLS_\\w+)", found))
        .as(found)
        .isNotEmpty()
        .allMatch(name -> name.matches("TLS_(ECDHE|AKE|AES|CHACHA20)_\\w+"))
        .noneMatch(name -> name.contains("_CBC_"));
  }

  @Test
  void findsWhatAnOperatorHasNamedBelowIt() throws Exception {
    String found =
        scan("client_tls_protocols", "tlsv1.2", "client_tls_ciphers", "AES128-GCM-SHA256");
    assertThat(all("(TLS_\\w+)", found)).as(found).containsOnly("TLS_RSA_WITH_AES_128_GCM_SHA256");
  }

  @Test
  void findsOnlyWhatIsConfigured() throws Exception {
    String found =
        scan(
            "client_tls_protocols", "tlsv1.2",
            "client_tls_ciphers", "ECDHE-RSA-AES256-GCM-SHA384");
    assertThat(all("(SSLv3|TLSv1\\.[0-3]):", found)).as(found).containsExactly("TLSv1.2");
    assertThat(all("(TLS_\\w+)", found)).containsOnly("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  }
}
