package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.closeStatement;
import static io.sluice.demo.wire.FrontendMessages.copyData;
import static io.sluice.demo.wire.FrontendMessages.copyDone;
import static io.sluice.demo.wire.FrontendMessages.describeStatement;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import io.sluice.demo.wire.WireResult;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The raw client of the other tests, against a PostgreSQL without anything between. */
class WireClientIT {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres =
        EmbeddedPostgres.start(
            PostgresOptions.DEFAULT
                .hba("host all md5_user 127.0.0.1/32 md5")
                .hba("host all scram_user 127.0.0.1/32 scram-sha-256")
                .hba("host all plain_user 127.0.0.1/32 password"));
    postgres.query(
        "SET password_encryption = 'md5'; CREATE ROLE md5_user LOGIN PASSWORD 'm secret'");
    postgres.createRole("scram_user", "s secret");
    postgres.createRole("plain_user", "p secret");
    postgres.createRole("trust_user");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "scram", "plain", "trust"})
  void logsInByEveryMethod(String method) throws Exception {
    WireLogin login =
        WireLogin.of(method + "_user", "postgres").password(method.charAt(0) + " secret");

    try (WireClient client = WireClient.login(postgres.tcp(), login)) {
      assertThat(client.query("SELECT current_user").value()).isEqualTo(method + "_user");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "scram", "plain"})
  void reportsARefusedPassword(String method) {
    WireLogin login = WireLogin.of(method + "_user", "postgres").password("wrong");

    assertThatThrownBy(() -> WireClient.login(postgres.tcp(), login))
        .isInstanceOfSatisfying(
            WireError.class,
            error -> {
              assertThat(error.severity()).isEqualTo("FATAL");
              assertThat(error.sqlState()).isEqualTo("28P01");
              assertThat(error.text())
                  .isEqualTo("password authentication failed for user \"" + method + "_user\"");
            });
  }

  @Test
  void learnsParametersAndKeyAtLogin() throws Exception {
    WireLogin login =
        WireLogin.of("trust_user", "postgres")
            .with("application_name", "it")
            .with("options", "-c DateStyle=SQL");

    try (WireClient client = WireClient.login(postgres.tcp(), login)) {
      assertThat(client.parameters())
          .containsEntry("application_name", "it")
          .containsEntry("DateStyle", "SQL, MDY");
      assertThat(client.processId()).isPositive();
      assertThat(client.secretKey()).hasSize(4);
      assertThat(client.transactionStatus()).isEqualTo('I');
    }
  }

  @Test
  void speaksProtocol32WithItsLongKeys() throws Exception {
    WireLogin login = WireLogin.of("trust_user", "postgres").protocol(WireLogin.PROTOCOL_3_2);

    try (WireClient client = WireClient.login(postgres.tcp(), login)) {
      assertThat(client.secretKey()).hasSize(32);
    }
  }

  @Test
  void readsRowsColumnsTagsAndNulls() throws Exception {
    try (WireClient client = login()) {
      WireResult result =
          client.query("SELECT 1 AS one, NULL AS nothing UNION SELECT 2, 'ü'; SET work_mem='1MB'");

      assertThat(result.columnNames()).containsExactly("one", "nothing");
      assertThat(result.columns().get(0).typeOid()).isEqualTo(23);
      assertThat(result.column("nothing")).containsExactly(null, "ü");
      assertThat(result.value("nothing", "one", "2")).isEqualTo("ü");
      assertThat(result.tags()).containsExactly("SELECT 2", "SET");
    }
  }

  @Test
  void staysUsableAfterAnError() throws Exception {
    try (WireClient client = login()) {
      assertThatThrownBy(() -> client.query("BEGIN; SELECT 1/0"))
          .isInstanceOf(WireError.class)
          .hasMessage("ERROR: division by zero (22012)");
      assertThat(client.transactionStatus()).isEqualTo('E');

      client.query("ROLLBACK");

      assertThat(client.transactionStatus()).isEqualTo('I');
    }
  }

  @Test
  void sendsAnExtendedPipelineAndReadsEachMessage() throws Exception {
    try (WireClient client = login()) {
      client.send(
          parse("s1", "SELECT $1::int + $2::int"),
          describeStatement("s1"),
          bind("", "s1", "40", "2"),
          execute("", 0),
          closeStatement("s1"),
          sync());

      List<WireMessage> replies = client.readUntil('Z');

      assertThat(types(replies)).isEqualTo("1tT2DC3Z");
      assertThat(replies.get(4).values()).containsExactly("42");
    }
  }

  @Test
  void copiesIn() throws Exception {
    try (WireClient client = login()) {
      client.query("CREATE TEMP TABLE t (n int)");
      client.send(query("COPY t FROM STDIN"));
      assertThat(client.readMessage().type()).isEqualTo('G');

      client.send(copyData("1\n2\n"), copyData("3\n"), copyDone());

      assertThat(client.readResult().tags()).containsExactly("COPY 3");
    }
  }

  @Test
  void keepsNoticesAndNotifications() throws Exception {
    try (WireClient client = login()) {
      client.query("LISTEN it; DO $$ BEGIN RAISE NOTICE 'look'; END $$; NOTIFY it, 'hey'");

      assertThat(client.notices().get(0).fields()).containsEntry('M', "look");
      Eventually.await("notified", () -> !client.query("").tags().isEmpty() || notified(client));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelsItsQuery(boolean tcp) throws Exception {
    WireAddress address = tcp ? postgres.tcp() : postgres.unix();
    try (WireClient client = WireClient.login(address, WireLogin.of("trust_user", "postgres"))) {
      client.send(query("SELECT pg_sleep(600)"));
      Eventually.await("runs", () -> running("SELECT pg_sleep(600)") == 1);

      client.cancel();

      assertThatThrownBy(client::readResult)
          .hasMessage("ERROR: canceling statement due to user request (57014)");
    }
  }

  @Test
  void seesTheErrorAndTheEndWhenItsBackendIsTerminated() throws Exception {
    try (WireClient client = login()) {
      postgres.query("SELECT pg_terminate_backend(" + client.processId() + ")");

      List<WireMessage> last = client.expectClosed();

      assertThat(types(last)).isEqualTo("E");
      assertThat(last.get(0).fields()).containsEntry('C', "57P01");
    }
  }

  @Test
  void staysOpenWhileParked() throws Exception {
    try (WireClient client = login()) {
      client.park();

      assertThat(client.query("SELECT 1").number()).isEqualTo(1);
    }
  }

  private static boolean notified(WireClient client) {
    return client.notifications().size() == 1
        && client.notifications().get(0).cstrsFrom(4).equals(List.of("it", "hey"));
  }

  private static long running(String sql) throws Exception {
    return postgres
        .query("SELECT count(*) FROM pg_stat_activity WHERE query = '" + sql + "'")
        .number();
  }

  private static WireClient login() throws Exception {
    return WireClient.login(postgres.tcp(), WireLogin.of("trust_user", "postgres"));
  }

  private static String types(List<WireMessage> messages) {
    return messages.stream()
        .map(message -> String.valueOf(message.type()))
        .collect(Collectors.joining());
  }
}
