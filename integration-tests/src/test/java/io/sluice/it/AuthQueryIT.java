package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users who are in no user list: PostgreSQL is asked for their secrets. */
class AuthQueryIT {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres =
        EmbeddedPostgres.start(
            PostgresOptions.DEFAULT
                .hba("host all q_md5 127.0.0.1/32 md5")
                .hba("host all q_scram,q_expired 127.0.0.1/32 scram-sha-256"));
    postgres.query("SET password_encryption = 'md5'; CREATE ROLE q_md5 LOGIN PASSWORD 'secret'");
    postgres.createRole("q_scram", "secret");
    postgres.createRole("q_expired", "secret");
    postgres.query("ALTER ROLE q_expired VALID UNTIL '2001-01-01'");
    postgres.createRole("q_asker");
    postgres.createDatabase("directory");
    postgres.query(
        "directory",
        """
        CREATE FUNCTION public.user_lookup(in name text, out uname text, out phash text)
        AS 'SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname = lower($1)'
        LANGUAGE sql SECURITY DEFINER""");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  private static SluiceConfig config(String type) {
    return SluiceConfig.before(postgres)
        .set("auth_type", type)
        .set("auth_user", "postgres")
        .password(SluiceConfig.ADMIN, "admin");
  }

  private static WireClient login(SluiceProcess sluice, String user, String password)
      throws Exception {
    return WireClient.login(sluice.tcp(), WireLogin.of(user, "postgres").password(password));
  }

  private static String refusal(SluiceProcess sluice, WireLogin login) throws Exception {
    try {
      WireClient.login(sluice.tcp(), login).close();
      return "";
    } catch (WireError e) {
      return e.text();
    }
  }

  /** PostgreSQL's own secret is enough for both sides. */
  @ParameterizedTest
  @CsvSource({"scram-sha-256, q_scram", "md5, q_scram", "md5, q_md5"})
  void letsUsersInWithTheSecretThatPostgresHas(String type, String role) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(type));
        WireClient client = login(sluice, role, "secret")) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo(role);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scram-sha-256", "md5", "plain"})
  void refusesWrongPasswordsUnknownAndExpiredUsersInTheSameWords(String type) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(type))) {
      WireLogin wrong = WireLogin.of("q_scram", "postgres").password("wrong");
      String text = refusal(sluice, wrong);
      assertThat(text).endsWith("authentication failed");
      for (String user : List.of("q_nobody", "q_expired")) {
        WireLogin login = WireLogin.of(user, "postgres").password("secret");
        assertThat(refusal(sluice, login)).isEqualTo(text);
      }
    }
  }

  @Test
  void asksTheSameQuestionOfUnknownUsers() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config("scram-sha-256"));
        WireClient client = WireClient.connect(sluice.tcp())) {
      assertThatThrownBy(() -> client.login(WireLogin.of("q_nobody", "postgres").password("x")))
          .hasMessage("FATAL: SASL authentication failed (08P01)");
      sluice.log().await("no such user: q_nobody");
    }
  }

  @Test
  void runsTheQueryInTheDatabaseThatIsNamedForIt() throws Exception {
    SluiceConfig config =
        config("scram-sha-256")
            .set("auth_user", "q_asker")
            .set("auth_dbname", "directory")
            .set("auth_query", "SELECT uname, phash FROM public.user_lookup($1)");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient client = login(sluice, "Q_SCRAM", "secret");
        WireClient console =
            WireClient.login(
                sluice.tcp(), WireLogin.of(SluiceConfig.ADMIN, "pgbouncer").password("admin"))) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo("q_scram");
      assertThat(console.query("SHOW POOLS").column("database")).contains("directory");
    }
  }

  @Test
  void letsADatabaseHaveItsOwnQuery() throws Exception {
    SluiceConfig config =
        config("plain")
            .unset("auth_user")
            .database(
                "own",
                "host=127.0.0.1 port="
                    + postgres.port()
                    + " dbname=postgres auth_user=q_asker"
                    + " auth_query='SELECT $1::text, ''made up''::text' user=postgres");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireLogin login = WireLogin.of("anybody", "own").password("made up");
      try (WireClient client = WireClient.login(sluice.tcp(), login)) {
        assertThat(client.query("SELECT current_user").value()).isEqualTo("postgres");
      }
      assertThat(refusal(sluice, WireLogin.of("anybody", "postgres").password("made up")))
          .isEqualTo("password authentication failed");
    }
  }

  /** CVE-2025-12819: what a stranger asks for at login must not reach the query's session. */
  @Test
  void keepsTheClientsParametersAwayFromTheQuery() throws Exception {
    postgres.query(
        """
        CREATE SCHEMA IF NOT EXISTS evil;
        CREATE OR REPLACE VIEW evil.pg_authid AS
          SELECT 'q_nobody'::name AS rolname, 'stolen'::text AS rolpassword,
                 true AS rolcanlogin, NULL::timestamptz AS rolvaliduntil;
        GRANT USAGE ON SCHEMA evil TO PUBLIC; GRANT SELECT ON evil.pg_authid TO PUBLIC""");
    SluiceConfig config = config("plain").set("track_extra_parameters", "search_path");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      WireLogin login =
          WireLogin.of("q_nobody", "postgres")
              .password("stolen")
              .with("options", "-c search_path=evil,pg_catalog");
      for (int i = 0; i < 3; i++) {
        assertThat(refusal(sluice, login)).isEqualTo("password authentication failed");
      }
    }
  }

  @Test
  void seesANewPasswordAtOnce() throws Exception {
    postgres.createRole("q_changing", "before");
    try (SluiceProcess sluice = SluiceProcess.start(config("scram-sha-256"))) {
      login(sluice, "q_changing", "before").close();
      postgres.query("ALTER ROLE q_changing PASSWORD 'after'");

      login(sluice, "q_changing", "after").close();
      assertThat(refusal(sluice, WireLogin.of("q_changing", "postgres").password("before")))
          .isEqualTo("SASL authentication failed");
    }
  }

  @Test
  void saysConfigErrorWhenPostgresIsDown() throws Exception {
    SluiceConfig config =
        config("scram-sha-256")
            .database("*", "host=127.0.0.1 port=1")
            .set("server_login_retry", 1)
            .set("client_login_timeout", 3);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThat(refusal(sluice, WireLogin.of("q_scram", "postgres").password("secret")))
          .isIn("bouncer config error", "client_login_timeout (server down)");
    }
  }
}
