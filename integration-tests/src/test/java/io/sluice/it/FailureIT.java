package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.startup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.postgres.StopMode;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients see when PostgreSQL refuses, dies, goes away and comes back. */
class FailureIT {
  private static final String PID = "SELECT pg_backend_pid()";
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres =
        EmbeddedPostgres.start(
            PostgresOptions.DEFAULT.hba("host all fail_scram 127.0.0.1/32 scram-sha-256"));
    postgres.createRole("fail_scram", "right");
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void bringPostgresBack() throws Exception {
    if (!postgres.isRunning()) {
      postgres.startAgain();
    }
  }

  @Test
  void everyWaiterLearnsThatTheDatabaseDoesNotExist() throws Exception {
    SluiceConfig config = config().database("lost", address() + " dbname=missing");
    List<WireClient> clients = new ArrayList<>();
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      for (int i = 0; i < 5; i++) {
        WireClient client = WireClient.connect(sluice.tcp());
        clients.add(client);
        WireLogin login = WireLogin.of("postgres", "lost");
        client.send(startup(login.protocol(), login.parameters()));
      }

      for (WireClient client : clients) {
        WireMessage last = lastOf(client);
        assertThat(last.fields())
            .containsEntry('S', "FATAL")
            .containsEntry('C', "3D000")
            .containsEntry('M', "database \"missing\" does not exist");
      }
    }
  }

  @Test
  void aRefusedPasswordOfTheServerReachesTheClient() throws Exception {
    SluiceConfig config =
        config().database("refused", address() + " user=fail_scram password=wrong dbname=postgres");
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThatThrownBy(() -> sluice.login("postgres", "refused"))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: password authentication failed for user \"fail_scram\" (28P01)");
    }
  }

  @Test
  void loginsWaitForPostgresToComeBack() throws Exception {
    postgres.stop(StopMode.FAST);
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = WireClient.connect(sluice.tcp())) {
      WireLogin login = WireLogin.of("postgres", "postgres");
      client.send(startup(login.protocol(), login.parameters()));
      sluice.log().await("closing because: connect failed");

      postgres.startAgain();

      client.readUntil('Z');
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void idleClientsOutliveARestartOfPostgres() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = sluice.login("postgres", "postgres")) {
      client.query("SELECT 1");
      postgres.restart();

      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void kill9OfPostgresEndsOnlyClientsWithAServer() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient busy = sluice.login("postgres", "postgres");
        WireClient idle = sluice.login("postgres", "postgres")) {
      busy.query("BEGIN");

      postgres.kill9();

      // Of PostgreSQL, if the backend has had the time to say it, or else of ours.
      assertThat(lastOf(busy).fields()).containsEntry('S', "FATAL");
      postgres.startAgain();
      assertThat(idle.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void aTerminatedBackendEndsItsClientWithPostgresOwnError() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient busy = sluice.login("postgres", "postgres");
        WireClient idle = sluice.login("postgres", "postgres")) {
      busy.query("BEGIN");
      long pid = busy.query(PID).number();

      postgres.query("SELECT pg_terminate_backend(" + pid + ")");

      List<WireMessage> last = busy.expectClosed();
      assertThat(last).hasSize(1);
      assertThat(last.get(0).fields()).containsEntry('S', "FATAL").containsEntry('C', "57P01");
      sluice.log().await("closing because: server conn crashed?");
      assertThat(idle.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void aTerminatedIdleBackendHurtsNobody() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = sluice.login("postgres", "postgres")) {
      long pid = client.query(PID).number();

      postgres.query("SELECT pg_terminate_backend(" + pid + ")");
      sluice.log().await("S-.*closing because");

      assertThat(client.query(PID).number()).isNotEqualTo(pid);
    }
  }

  @Test
  void failsFastWhileTheLastLoginHasFailed() throws Exception {
    try (SluiceProcess sluice =
            SluiceProcess.start(
                config().set("server_login_retry", 600).set("default_pool_size", 1));
        WireClient first = sluice.login("postgres", "postgres");
        WireClient second = sluice.login("postgres", "postgres")) {
      first.query("SELECT 1");
      postgres.stop(StopMode.FAST);
      sluice.log().await("S-.*closing because");
      first.send(query("SELECT 1"));
      sluice.log().await("closing because: connect failed");

      assertThatThrownBy(() -> second.query("SELECT 1"))
          .isInstanceOf(WireError.class)
          .hasMessage(
              "FATAL: server login has been failing, cached error: connect failed"
                  + " (server_login_retry) (08P01)");
    }
  }

  private static WireMessage lastOf(WireClient client) throws Exception {
    List<WireMessage> messages = client.expectClosed();
    assertThat(messages).isNotEmpty();
    return messages.get(messages.size() - 1);
  }

  private static SluiceConfig config() {
    return SluiceConfig.before(postgres)
        .set("pool_mode", "transaction")
        .set("server_login_retry", 1);
  }

  private static String address() {
    return "host=127.0.0.1 port=" + postgres.port();
  }
}
