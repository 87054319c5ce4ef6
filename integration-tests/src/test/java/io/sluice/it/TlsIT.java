package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.process.CommandResult;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with real clients before Sluice, and a PostgreSQL with certificates behind it. */
class TlsIT {
  private static final String SSL_IN_USE =
      "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private static CertificateFiles ours;
  private static CertificateFiles theirs;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    ours = CertificateFiles.create("Ours");
    theirs = CertificateFiles.create("Theirs");
    ours.server("sluice");
    ours.server("postgres");
    ours.issue("expired", CertificateFiles::expired);
    ours.issue("elsewhere", shape -> shape.addSanDnsName("db.example"));
    ours.issue("tls_cert", shape -> shape);
    ours.issue("postgres_expired", CertificateFiles::expired);
    theirs.issue("tls_cert", shape -> shape);
    postgres =
        EmbeddedPostgres.start(
            PostgresOptions.DEFAULT
                .hba("hostnossl all tls_only 127.0.0.1/32 reject")
                .hba("hostssl all tls_cert 127.0.0.1/32 cert")
                .hba("host all tls_cert 127.0.0.1/32 reject")
                .hba("host all tls_scram 127.0.0.1/32 scram-sha-256"));
    postgres.createRole("tls_only");
    postgres.createRole("tls_cert");
    postgres.createRole("tls_scram", "secret");
    showOfPostgres("postgres");
  }

  /** Has PostgreSQL show a certificate from now on. */
  private static void showOfPostgres(String name) throws Exception {
    postgres.query("ALTER SYSTEM SET ssl_ca_file = '" + ours.file("ca.crt") + "'");
    postgres.query("ALTER SYSTEM SET ssl_cert_file = '" + ours.file(name + ".crt") + "'");
    postgres.query(
        "ALTER SYSTEM SET ssl_key_file = '" + ours.file("postgres/" + name + ".key") + "'");
    postgres.query("ALTER SYSTEM SET ssl = on");
    postgres.reload();
    assertThat(postgres.query("SHOW ssl").value()).isEqualTo("on");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  private static SluiceConfig config() {
    return SluiceConfig.before(postgres)
        .set("server_tls_sslmode", "disable")
        .set("client_tls_key_file", ours.file("sluice.key"))
        .set("client_tls_cert_file", ours.file("sluice.crt"))
        .set("client_tls_ca_file", ours.file("ca.crt"))
        .password("tls_only", "")
        .password("tls_cert", "")
        .password("tls_scram", "secret");
  }

  private static Psql psql(SluiceProcess sluice) {
    return Psql.tcp(sluice.port(), "postgres");
  }

  // ---- clients

  @ParameterizedTest
  @CsvSource({
    "disable, no",
    "allow, no",
    "prefer, TLSv1.3",
    "require, TLSv1.3",
    "verify-ca, TLSv1.3",
    "verify-full, TLSv1.3"
  })
  void psqlGetsWhatItAsksFor(String mode, String tls) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("client_tls_sslmode", "prefer"))) {
      String target = "dbname=postgres sslmode=" + mode + " sslrootcert=" + ours.file("ca.crt");
      assertThat(psql(sluice).query(target, "SELECT 1")).isEqualTo("1");
      sluice.log().await("login attempt: db=postgres user=postgres tls=" + tls);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "allow"})
  void psqlWithoutTlsIsTurnedAwayOrComesBackWithIt(String mode) throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config().set("client_tls_sslmode", "require"))) {
      CommandResult result = psql(sluice).run("dbname=postgres sslmode=" + mode, "SELECT 1");
      if (mode.equals("allow")) {
        assertThat(result.output()).contains("1");
      } else {
        assertThat(result.output()).contains("FATAL:  SSL required");
      }
    }
  }

  @Test
  void psqlFindsAnotherAuthorityInBetween() throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config().set("client_tls_sslmode", "require"))) {
      String target = "dbname=postgres sslmode=verify-ca sslrootcert=" + theirs.file("ca.crt");
      assertThat(psql(sluice).run(target, "SELECT 1").output())
          .contains("certificate verify failed");
      sluice.log().await("TLS handshake failed: .*(unknown ca|our certificate was refused)");
    }
  }

  private static String showing(CertificateFiles files, String name) {
    return "dbname=postgres sslmode=require sslcert=%s sslkey=%s"
        .formatted(files.file(name + ".crt"), files.file(name + ".private.key"));
  }

  @Test
  void psqlNeedsAGoodCertificateWithVerifyFull() throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config().set("client_tls_sslmode", "verify-full"))) {
      assertThat(psql(sluice).query(showing(ours, "tls_cert"), "SELECT 1")).isEqualTo("1");

      assertThat(psql(sluice).run(showing(theirs, "tls_cert"), "SELECT 1").isSuccess()).isFalse();
      sluice.log().await("certificate CN=tls_cert is not from a trusted authority");
      assertThat(psql(sluice).run(showing(ours, "expired"), "SELECT 1").isSuccess()).isFalse();
      sluice.log().await("certificate CN=expired expired ");
      String none = "dbname=postgres sslmode=require sslcert=/nowhere";
      assertThat(psql(sluice).run(none, "SELECT 1").isSuccess()).isFalse();
      sluice.log().await("peer did not return a certificate");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "direct"})
  void pgjdbcTrustsTheCertificate(String negotiation) throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config().set("client_tls_sslmode", "require"))) {
      assertThat(viaJdbc(sluice, negotiation, "ca.crt")).isEqualTo("1");
      sluice.log().await("login attempt: .* tls=TLSv1.3/TLS_");
    }
  }

  @Test
  void pgjdbcFindsAnotherAuthorityInBetween() throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config().set("client_tls_sslmode", "require"))) {
      assertThatThrownBy(() -> viaJdbc(sluice, "postgres", "sluice.crt"))
          .isInstanceOf(SQLException.class);
    }
  }

  private static String viaJdbc(SluiceProcess sluice, String negotiation, String rootFile)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslNegotiation", negotiation);
    properties.setProperty(
        "sslrootcert", (rootFile.equals("ca.crt") ? ours : theirs).file("ca.crt").toString());
    String url = "jdbc:postgresql://localhost:" + sluice.port() + "/postgres";
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1")) {
      row.next();
      return row.getString(1);
    }
  }

  // ---- servers

  private static SluiceConfig servers(String mode) {
    return config().set("server_tls_sslmode", mode).set("server_tls_ca_file", ours.file("ca.crt"));
  }

  @ParameterizedTest
  @CsvSource({
    "disable, f",
    "allow, t",
    "prefer, t",
    "require, t",
    "verify-ca, t",
    "verify-full, t"
  })
  void encryptsConnectionsToPostgres(String mode, String encrypted) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(servers(mode))) {
      assertThat(psql(sluice).query("postgres", SSL_IN_USE)).isEqualTo(encrypted);
      String shown = Psql.tcp(sluice.port(), SluiceConfig.ADMIN).query("pgbouncer", "SHOW SERVERS");
      assertThat(shown.contains("|TLSv1.3/TLS_")).isEqualTo(encrypted.equals("t"));
    }
  }

  @Test
  void beginsWithTlsWherePostgresUnderstandsThat() throws Exception {
    SluiceConfig direct = servers("verify-full").set("server_tls_sslnegotiation", "direct");
    try (SluiceProcess sluice = SluiceProcess.start(direct)) {
      assertThat(psql(sluice).query("postgres", SSL_IN_USE)).isEqualTo("t");
    }
  }

  @Test
  void takesTlsSettingsOfADatabase() throws Exception {
    String place = "host=127.0.0.1 dbname=postgres port=" + postgres.port();
    SluiceConfig config =
        servers("disable")
            .database("encrypted", place + " server_tls_sslmode=verify-full")
            .database("plain", place);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThat(psql(sluice).query("encrypted", SSL_IN_USE)).isEqualTo("t");
      assertThat(psql(sluice).query("plain", SSL_IN_USE)).isEqualTo("f");
    }
  }

  @Test
  void showsPostgresItsCertificate() throws Exception {
    SluiceConfig config =
        servers("verify-full")
            .set("server_tls_key_file", ours.file("tls_cert.key"))
            .set("server_tls_cert_file", ours.file("tls_cert.crt"));
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      Psql psql = Psql.tcp(sluice.port(), "tls_cert");
      assertThat(psql.query("postgres", "SELECT current_user")).isEqualTo("tls_cert");
    }
    try (SluiceProcess sluice = SluiceProcess.start(servers("verify-full"))) {
      assertThat(Psql.tcp(sluice.port(), "tls_cert").run("postgres", "SELECT 1").output())
          .contains("connection requires a valid client certificate");
    }
  }

  @Test
  void replacesServersWhenTlsIsDemandedAtReload() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(servers("disable"))) {
      assertThat(psql(sluice).query("postgres", SSL_IN_USE)).isEqualTo("f");
      sluice.reload(servers("verify-full"));
      assertThat(psql(sluice).query("postgres", SSL_IN_USE)).isEqualTo("t");
    }
  }

  private static void assertRefused(SluiceConfig config, String reason) throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(config.set("query_wait_timeout", 2).set("server_login_retry", 1))) {
      assertThat(psql(sluice).run("postgres", "SELECT 1").isSuccess()).isFalse();
      sluice.log().await("TLS handshake failed: .*" + reason);
    }
  }

  @Test
  void refusesAPostgresFromAnotherAuthority() throws Exception {
    assertRefused(
        servers("verify-ca").set("server_tls_ca_file", theirs.file("ca.crt")),
        "certificate CN=postgres is not from a trusted authority");
  }

  @Test
  void refusesAPostgresWhoseCertificateIsOldOrForAnotherHost() throws Exception {
    try {
      showOfPostgres("postgres_expired");
      assertRefused(servers("verify-ca"), "certificate CN=postgres_expired expired ");
      showOfPostgres("elsewhere");
      assertRefused(servers("verify-full"), "certificate is for db.example and not for 127.0.0.1");
    } finally {
      showOfPostgres("postgres");
    }
  }

  // ---- SCRAM that is bound to TLS

  @ParameterizedTest
  @ValueSource(strings = {"prefer", "require"})
  void bindsScramOnBothSides(String binding) throws Exception {
    SluiceConfig config =
        servers("verify-full")
            .set("auth_type", "scram-sha-256")
            .set("client_tls_sslmode", "require")
            .set("client_channel_binding", binding)
            .set("channel_binding", binding);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      Psql psql = new Psql("127.0.0.1", sluice.port(), "tls_scram", "secret");
      String target = "dbname=postgres sslmode=require channel_binding=" + binding;
      assertThat(psql.query(target, "SELECT current_user")).isEqualTo("tls_scram");
      CommandResult unbound =
          psql.run("dbname=postgres sslmode=require channel_binding=disable", "SELECT 1");
      assertThat(unbound.isSuccess()).isEqualTo(binding.equals("prefer"));
    }
  }

  @Test
  void doesNotLogInToAPostgresThatDoesNotAskForBinding() throws Exception {
    SluiceConfig config =
        servers("verify-full").set("channel_binding", "require").set("query_wait_timeout", 2);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThat(psql(sluice).run("postgres", "SELECT 1").output())
          .contains("channel_binding is required, and the server does not ask for it");
    }
  }
}
