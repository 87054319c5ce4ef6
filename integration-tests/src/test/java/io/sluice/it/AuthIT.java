package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, by which method, and how Sluice gets in to PostgreSQL. */
class AuthIT {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres =
        EmbeddedPostgres.start(
            PostgresOptions.DEFAULT
                .hba("host all auth_md5 127.0.0.1/32 md5")
                .hba("host all auth_scram 127.0.0.1/32 scram-sha-256")
                .hba("host all auth_plain 127.0.0.1/32 password"));
    postgres.query("SET password_encryption = 'md5'; CREATE ROLE auth_md5 LOGIN PASSWORD 'secret'");
    postgres.createRole("auth_scram", "secret");
    postgres.createRole("auth_plain", "secret");
    postgres.createRole("auth_trust");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  /** The method asked of the client, by the code of the AuthenticationRequest, and the role. */
  @ParameterizedTest
  @CsvSource({
    "plain, 3, auth_plain",
    "plain, 3, auth_scram",
    "md5, 5, auth_md5",
    "md5, 5, auth_plain",
    "scram-sha-256, 10, auth_scram",
    "scram-sha-256, 10, auth_md5"
  })
  void asksForThePasswordAndForwardsItToEveryKindOfServer(String type, int code, String role)
      throws Exception {
    SluiceConfig config = config(type).password(role, "secret");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client = WireClient.connect(sluice.tcp())) {
      List<WireMessage> messages = client.login(WireLogin.of(role, "postgres").password("secret"));

      assertThat(messages.get(0).type()).isEqualTo('R');
      assertThat(messages.get(0).int32(0)).isEqualTo(code);
      assertThat(client.query("SELECT current_user").value()).isEqualTo(role);
    }
  }

  @Test
  void trustAsksForNothing() throws Exception {
    SluiceConfig config = config("trust").password("auth_trust", "");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client = sluice.login("auth_trust", "postgres")) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo("auth_trust");

      assertThatThrownBy(() -> sluice.login("nobody_we_know", "postgres"))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: \"trust\" authentication failed (08P01)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain, password authentication failed",
    "md5, password authentication failed",
    "scram-sha-256, SASL authentication failed"
  })
  void refusesWrongPasswordsAndUnknownUsersInTheSameWords(String type, String text)
      throws Exception {
    SluiceConfig config = config(type).password("auth_trust", "secret");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      for (String user : List.of("auth_trust", "nobody_we_know")) {
        for (String database : List.of("postgres", "nowhere")) {
          WireLogin login = WireLogin.of(user, database).password("wrong");
          assertThatThrownBy(() -> WireClient.login(sluice.tcp(), login).close())
              .isInstanceOf(WireError.class)
              .hasMessage("FATAL: " + text + " (08P01)");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "md5", "scram-sha-256"})
  void namesAnUnknownDatabaseOnlyToThoseWhoKnowThePassword(String type) throws Exception {
    SluiceConfig config = config(type).withoutDatabase("*").password("auth_trust", "secret");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireLogin login = WireLogin.of("auth_trust", "nowhere").password("secret");

      assertThatThrownBy(() -> WireClient.login(sluice.tcp(), login).close())
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: no such database: nowhere (08P01)");
    }
  }

  @Test
  void refusesEmptyPasswords() throws Exception {
    SluiceConfig config = config("plain").password("auth_trust", "");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThatThrownBy(() -> sluice.login("auth_trust", "postgres"))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: empty password returned by client (08P01)");
    }
  }

  @Test
  void acceptsStoredMd5Secrets() throws Exception {
    String secret = secretOf("auth_md5");
    assertThat(secret).startsWith("md5");
    SluiceConfig config = config("md5").password("auth_md5", secret);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client =
            WireClient.login(
                sluice.tcp(), WireLogin.of("auth_md5", "postgres").password("secret"))) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo("auth_md5");
    }
  }

  /**
   * PostgreSQL's own secret in the user list is enough for both sides: nobody stores a password.
   */
  @ParameterizedTest
  @ValueSource(strings = {"scram-sha-256", "md5"})
  void passesStoredScramSecretsThrough(String type) throws Exception {
    String secret = secretOf("auth_scram");
    assertThat(secret).startsWith("SCRAM-SHA-256$");
    SluiceConfig config = config(type).password("auth_scram", secret);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client =
            WireClient.login(
                sluice.tcp(), WireLogin.of("auth_scram", "postgres").password("secret"))) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo("auth_scram");
    }
  }

  @Test
  void aRemovedUserIsUnknownAfterReload() throws Exception {
    SluiceConfig config = config("md5").password("auth_trust", "secret");
    WireLogin login = WireLogin.of("auth_trust", "postgres").password("secret");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient.login(sluice.tcp(), login).close();

      sluice.write(config.withoutUser("auth_trust"));
      sluice.signal("HUP");

      Eventually.await(
          "is unknown", () -> refusal(sluice, login).contains("authentication failed"));
      assertThat(refusal(sluice, login.password(""))).isEqualTo("password authentication failed");
    }
  }

  @Test
  void aNewPasswordCountsAfterReload() throws Exception {
    SluiceConfig config = config("scram-sha-256").password("auth_trust", "secret");
    WireLogin old = WireLogin.of("auth_trust", "postgres").password("secret");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireClient.login(sluice.tcp(), old).close();

      sluice.write(config.password("auth_trust", "changed"));
      sluice.signal("HUP");

      Eventually.await("is refused", () -> !refusal(sluice, old).isEmpty());
      WireClient.login(sluice.tcp(), old.password("changed")).close();
    }
  }

  @Test
  void aForcedUserServesEverybody() throws Exception {
    SluiceConfig config =
        config("md5")
            .password("auth_trust", "other")
            .database(
                "forced",
                "host=127.0.0.1 port="
                    + postgres.port()
                    + " dbname=postgres user=auth_scram password=secret");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client =
            WireClient.login(
                sluice.tcp(), WireLogin.of("auth_trust", "forced").password("other"))) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo("auth_scram");
    }
  }

  private static String refusal(SluiceProcess sluice, WireLogin login) throws Exception {
    try {
      WireClient.login(sluice.tcp(), login).close();
      return "";
    } catch (WireError e) {
      return e.text();
    }
  }

  private static String secretOf(String role) throws Exception {
    return String.valueOf(
        postgres.query("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'").value());
  }

  private static SluiceConfig config(String authType) {
    return SluiceConfig.before(postgres).set("auth_type", authType);
  }
}
