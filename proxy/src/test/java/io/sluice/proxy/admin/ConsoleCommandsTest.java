package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.lifecycle.ConsoleActions;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands make of their arguments and of the state of the pooler. */
class ConsoleCommandsTest {
  private final RecordedActions actions = new RecordedActions();
  private RunningConsole console;
  private Wire client;

  @BeforeEach
  void start() throws IOException {
    console = RunningConsole.start(actions);
    client = console.login(RunningConsole.BOSS);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    console.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RELOAD, reload, RELOAD",
    "reload ;, reload, RELOAD",
    "KILL, killAll, KILL",
    "KILL app, kill app, KILL",
    "KILL \"app\", kill app, KILL",
    "DISABLE app, disable app, DISABLE",
    "ENABLE app, enable app, ENABLE",
    "RECONNECT, reconnect, RECONNECT",
    "RECONNECT app, reconnect app, RECONNECT",
    "SHUTDOWN WAIT_FOR_SERVERS, shutdownWaitForServers, SHUTDOWN",
    "shutdown wait_for_clients, shutdownWaitForClients, SHUTDOWN",
    "SET verbose = 2, set verbose 2, SET verbose=2",
    "SET log_stats to 0, set log_stats 0, SET log_stats=0"
  })
  void carriesOutAndAnswersAtOnce(String text, String call, String tag) throws IOException {
    assertThat(client.query(text).tag()).isEqualTo(tag);
    assertThat(actions.calls).containsExactly(call);
  }

  @Test
  void setsAQuotedValueWithoutItsQuotes() throws IOException {
    assertThat(client.query("SET server_check_query = 'select ''x'''").tag())
        .isEqualTo("SET server_check_query=select 'x'");
    assertThat(actions.calls).containsExactly("set server_check_query select 'x'");
  }

  @Test
  void endsTheProcessWithoutAnAnswer() throws IOException {
    client.send(out -> FrontendWriter.query(out, "SHUTDOWN"));

    // This process only notes it; what comes next is the answer to the next command.
    assertThat(client.query("SHOW VERSION").letters).isEqualTo("TDCZ");
    assertThat(actions.calls).containsExactly("shutdownNow");
  }

  @ParameterizedTest
  @CsvSource({
    "PAUSE nowhere, no such database: nowhere",
    "RESUME nowhere, no such database: nowhere",
    "KILL nowhere, no such database: nowhere",
    "DISABLE nowhere, no such database: nowhere",
    "RECONNECT nowhere, no such database: nowhere",
    "WAIT_CLOSE nowhere, no such database: nowhere",
    "PAUSE pgbouncer, cannot pause admin db: pgbouncer",
    "KILL pgbouncer, cannot kill admin db: pgbouncer",
    "DISABLE pgbouncer, cannot disable admin db: pgbouncer",
    "ENABLE pgbouncer, cannot enable admin db: pgbouncer",
    "RECONNECT pgbouncer, cannot reconnect admin db: pgbouncer",
    "WAIT_CLOSE pgbouncer, cannot wait in admin db: pgbouncer",
    "RESUME pgbouncer, database pgbouncer is not paused",
    "RESUME app, database app is not paused",
    "RESUME, pooler is not paused/suspended",
    "DISABLE, a database is required",
    "ENABLE, a database is required",
    "KILL_CLIENT, invalid client pointer supplied",
    "KILL_CLIENT 0x1, invalid client pointer supplied",
    "KILL_CLIENT 99999, client not found",
    "KILL_CLIENT 99999999999999999999999, invalid client pointer supplied",
    "SET nonsense = 1, SET failed"
  })
  void refusesInTheWordsOfPgBouncer(String text, String error) throws IOException {
    assertThat(client.query(text).error()).isEqualTo("ERROR 08P01 " + error);
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void reportsAFailedReloadWithTheCodeOfPgBouncer() throws IOException {
    actions.failure = "broken";

    assertThat(client.query("RELOAD").error())
        .isEqualTo("ERROR F0000 RELOAD failed, see logs for additional details");
    assertThat(client.query("SET verbose = 1").error()).isEqualTo("ERROR 08P01 SET failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PAUSE", "SUSPEND", "KILL", "KILL app"})
  void refusesASecondPause(String text) throws IOException {
    actions.suspended = true;

    assertThat(client.query(text).error()).isEqualTo("ERROR 08P01 already suspended/paused");
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void refusesToSuspendWhatWaitsForAPausedDatabase() throws IOException {
    pauseApp();

    assertThat(client.query("SUSPEND").error())
        .isEqualTo("ERROR 08P01 cannot suspend with paused databases");
  }

  @Test
  void refusesToResumeAShutdown() throws IOException {
    actions.paused = true;
    actions.shuttingDown = true;

    assertThat(client.query("RESUME").error()).isEqualTo("ERROR 08P01 pooler is shutting down");
  }

  @Test
  void resumesPausedDatabasesWithOneCommand() throws IOException {
    pauseApp();

    assertThat(client.query("RESUME").tag()).isEqualTo("RESUME");
    assertThat(actions.calls).contains("resumeAll");
  }

  private void pauseApp() throws IOException {
    client.send(out -> FrontendWriter.query(out, "PAUSE app"));
    Eventually.holds(() -> !actions.waiting.isEmpty());
    onLoop(actions.waiting.get(0)::done);
    assertThat(client.lettersToReady()).isEqualTo("CZ");
  }

  private void onLoop(Runnable action) {
    console.proxy.pools().loop().execute(action);
  }

  // ---- commands that take their time

  @ParameterizedTest
  @CsvSource({
    "PAUSE, pauseAll, whenPaused, PAUSE",
    "PAUSE app, pause app, whenPaused app, PAUSE",
    "SUSPEND, suspend, whenSuspended, SUSPEND",
    "WAIT_CLOSE, , whenClosed, WAIT_CLOSE",
    "WAIT_CLOSE app, , whenClosed app, WAIT_CLOSE"
  })
  void answersWhenItIsDone(String text, String first, String wait, String tag) throws IOException {
    client.send(
        out -> {
          FrontendWriter.query(out, text);
          FrontendWriter.query(out, "SHOW VERSION");
        });
    Eventually.holds(() -> !actions.waiting.isEmpty());
    assertThat(actions.calls)
        .containsExactlyElementsOf(Stream.of(first, wait).filter(Objects::nonNull).toList());
    assertThat(client.hasAnswer()).isFalse();

    onLoop(actions.waiting.get(0)::done);

    Reply reply = Reply.of(client.readToReady());
    assertThat(reply.letters).isEqualTo("CZ");
    assertThat(reply.tag()).isEqualTo(tag);
    assertThat(client.lettersToReady()).isEqualTo("TDCZ");
  }

  @Test
  void tellsOnlyTheOneWhoseWaitIsOver() throws IOException {
    try (Wire other = console.login(RunningConsole.BOSS)) {
      client.send(out -> FrontendWriter.query(out, "WAIT_CLOSE"));
      Eventually.holds(() -> actions.waiting.size() == 1);
      other.send(out -> FrontendWriter.query(out, "PAUSE app"));
      Eventually.holds(() -> actions.waiting.size() == 2);

      onLoop(actions.waiting.get(1)::done);

      assertThat(Reply.of(other.readToReady()).tag()).isEqualTo("PAUSE");
      assertThat(client.hasAnswer()).isFalse();
    }
  }

  @Test
  void saysThatTheWaitIsOverWhenSomebodyResumes() throws IOException {
    client.send(out -> FrontendWriter.query(out, "PAUSE"));
    Eventually.holds(() -> !actions.waiting.isEmpty());

    onLoop(actions.waiting.get(0)::undone);

    assertThat(Reply.of(client.readToReady()).error())
        .isEqualTo("ERROR 08P01 PAUSE was taken back by RESUME");
  }

  @ParameterizedTest
  @CsvSource({"PAUSE, resumeAll", "SUSPEND, resumeAll", "PAUSE app, resume app"})
  void takesAPauseBackWhenItIsCancelled(String text, String undo) throws IOException {
    client.send(out -> FrontendWriter.query(out, text));
    Eventually.holds(() -> !actions.waiting.isEmpty());

    client.cancel();

    Reply reply = Reply.of(client.readToReady());
    assertThat(reply.letters).isEqualTo("EZ");
    assertThat(reply.error()).isEqualTo("ERROR 57014 canceling statement due to user request");
    assertThat(actions.calls).contains("forget", undo);
    assertThat(actions.waiting).isEmpty();
  }

  @Test
  void leavesThePauseOfAShutdownAloneWhenTheWaitIsCancelled() throws IOException {
    client.send(out -> FrontendWriter.query(out, "PAUSE"));
    Eventually.holds(() -> !actions.waiting.isEmpty());
    actions.shuttingDown = true;

    client.cancel();

    assertThat(client.lettersToReady()).isEqualTo("EZ");
    assertThat(actions.calls).doesNotContain("resumeAll");
  }

  @Test
  void endsOnlyTheWaitWhenWaitCloseIsCancelled() throws IOException {
    actions.paused = true;
    client.send(out -> FrontendWriter.query(out, "WAIT_CLOSE"));
    Eventually.holds(() -> !actions.waiting.isEmpty());

    client.cancel();

    assertThat(client.lettersToReady()).isEqualTo("EZ");
    assertThat(actions.calls).containsExactly("whenClosed", "forget");
  }

  @Test
  void forgetsWhoeverVanishesAndStaysPaused() throws IOException {
    client.send(out -> FrontendWriter.query(out, "PAUSE"));
    Eventually.holds(() -> !actions.waiting.isEmpty());

    client.vanish();

    Eventually.holds(() -> actions.waiting.isEmpty());
    assertThat(actions.calls).containsExactly("pauseAll", "whenPaused", "forget");
  }

  @Test
  void resumesWhenNobodyIsLeftToEndASuspension() throws IOException {
    client.send(out -> FrontendWriter.query(out, "SUSPEND"));
    Eventually.holds(() -> !actions.waiting.isEmpty());

    client.vanish();

    Eventually.holds(() -> actions.calls.contains("resumeAll"));
    assertThat(actions.suspended).isFalse();
  }

  @Test
  void staysSuspendedWhileAnotherAdministratorIsThere() throws IOException {
    try (Wire other = console.login(RunningConsole.BOSS)) {
      actions.suspended = true;
      client.vanish();

      Eventually.holds(() -> other.query("SHOW CLIENTS").rows.size() == 1);
      assertThat(actions.calls).doesNotContain("resumeAll");
    }
  }

  @Test
  void killsTheClientWithThatId() throws IOException {
    try (Wire victim = console.login(RunningConsole.WATCHER)) {
      Reply clients = client.query("SHOW CLIENTS");
      int row = clients.column("user").indexOf(RunningConsole.WATCHER);
      String id = clients.column("id").get(row);

      assertThat(client.query("KILL_CLIENT " + id).tag()).isEqualTo("KILL_CLIENT");

      assertThat(Reply.of(victim.readToReady()).error())
          .isEqualTo("FATAL 08P01 admin forced disconnect");
      assertThat(client.query("SHOW CLIENTS").rows).hasSize(1);
    }
  }

  @Test
  void waitsInTheExtendedProtocolToo() throws IOException {
    client.send(
        out -> {
          FrontendWriter.parse(out, "", "PAUSE");
          Wire.bind(out, "", "");
          FrontendWriter.execute(out, "", 0);
          FrontendWriter.sync(out);
        });
    Eventually.holds(() -> !actions.waiting.isEmpty());
    ConsoleActions.Waiting waiting = actions.waiting.get(0);

    onLoop(waiting::done);

    assertThat(client.lettersToReady()).isEqualTo("12CZ");
  }
}
