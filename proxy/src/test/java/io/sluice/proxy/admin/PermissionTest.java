package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What statistics users may do: look, and nothing else. */
class PermissionTest {
  private static final String DENIED = "ERROR 08P01 admin access needed";

  private static final RecordedActions ACTIONS = new RecordedActions();
  private static RunningConsole console;
  private static Wire watcher;

  @BeforeAll
  static void start() throws IOException {
    console = RunningConsole.start(ACTIONS);
    watcher = console.login(RunningConsole.WATCHER);
  }

  @AfterAll
  static void stop() throws IOException {
    watcher.close();
    console.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RELOAD",
        "PAUSE",
        "PAUSE app",
        "PAUSE nowhere",
        "RESUME",
        "RESUME app",
        "SUSPEND",
        "KILL",
        "KILL app",
        "KILL_CLIENT 1",
        "KILL_CLIENT x",
        "KILL_CLIENT",
        "DISABLE app",
        "DISABLE",
        "ENABLE app",
        "RECONNECT",
        "RECONNECT app",
        "WAIT_CLOSE",
        "WAIT_CLOSE app",
        "SHUTDOWN",
        "SHUTDOWN WAIT_FOR_SERVERS",
        "SHUTDOWN WAIT_FOR_CLIENTS",
        "SET verbose = 1",
        "SET nonsense = 1",
        "SHOW PREPARED",
        "SHOW FDS"
      })
  void refusesWhatOnlyAdministratorsMayDo(String text) throws IOException {
    Reply reply = watcher.query(text);

    assertThat(reply.letters).isEqualTo("EZ");
    assertThat(reply.error()).isEqualTo(DENIED);
    assertThat(ACTIONS.calls).isEmpty();
  }

  /** PgBouncer's KILL_CLIENT did not ask whether its caller was an administrator. */
  @Test
  void cve20266667KillClientOfSomebodyWhoMayOnlyLook() throws IOException {
    for (String text : List.of("KILL_CLIENT 1", "kill_client 1", "Kill_Client x")) {
      assertThat(watcher.query(text).error()).isEqualTo(DENIED);
    }
    assertThat(ACTIONS.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW HELP",
        "SHOW CONFIG",
        "SHOW DATABASES",
        "SHOW POOLS",
        "SHOW CLIENTS",
        "SHOW SERVERS",
        "SHOW USERS",
        "SHOW VERSION",
        "SHOW PEERS",
        "SHOW PEER_POOLS",
        "SHOW SOCKETS",
        "SHOW ACTIVE_SOCKETS",
        "SHOW LISTS",
        "SHOW MEM",
        "SHOW STATE",
        "SHOW DNS_HOSTS",
        "SHOW DNS_ZONES",
        "SHOW TLS",
        "SHOW LOGINS",
        "SHOW STATS",
        "SHOW STATS_TOTALS",
        "SHOW STATS_AVERAGES",
        "SHOW TOTALS",
        "SHOW SESSION_STATE",
        "SHOW timezone",
        "SET datestyle = 'x'"
      })
  void letsEverybodyLook(String text) throws IOException {
    assertThat(watcher.query(text).errors).isEmpty();
  }
}
