package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reload puts everything into force, or nothing; pauses, KILL and SUSPEND live through it. */
class ReloadTest {
  @TempDir private Path directory;
  private SelfRunningPostgres postgres;

  @BeforeEach
  void startPostgres() throws IOException {
    postgres = SelfRunningPostgres.start();
  }

  @AfterEach
  void stopPostgres() throws IOException {
    postgres.close();
  }

  private String host() {
    return "host=127.0.0.1 port=" + postgres.port();
  }

  private int poolSize(TestProxy proxy, String database) {
    return proxy.onLoop(
        () -> {
          Pool pool = proxy.proxy().pools().find(new PoolKey(database, "alice"));
          return pool == null ? -1 : pool.settings().poolSize();
        });
  }

  @Test
  void changesNothingWhenTheFileIsBroken() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      // When
      String failure = proxy.reload("new = " + host(), "default_pool_size = 3\nverbose = x");

      // Then
      assertThat(failure).isEqualTo("config file loading failed");
      assertThat(poolSize(proxy, "db")).isEqualTo(20);
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  /** The list is a pipe that nobody writes to: a file on a server that does not answer. */
  @Test
  @Timeout(60)
  void servesWhileAFileDoesNotAnswer() throws Exception {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      Files.delete(proxy.userList());
      assertThat(new ProcessBuilder("mkfifo", proxy.userList().toString()).start().waitFor())
          .isZero();
      proxy.configure("db = " + host(), "default_pool_size = 3");
      List<String> told = new CopyOnWriteArrayList<>();

      // When
      proxy.proxy().reload(failure -> told.add("first " + failure));
      proxy.proxy().reload(failure -> told.add("second " + failure));
      // This waits until the list is opened for reading.
      try (OutputStream list = Files.newOutputStream(proxy.userList())) {
        // Then
        assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
        try (TestClient bob = proxy.login("db", "bob")) {
          assertThat(bob.query("SELECT 1")).isEqualTo("CZI");
        }
        assertThat(told).isEmpty();
        assertThat(poolSize(proxy, "db")).isEqualTo(20);
        list.write("broken\n".getBytes(StandardCharsets.UTF_8));
      }
      await("the first reload is refused", () -> told.size() == 1);
      assertThat(told.get(0)).startsWith("first ").contains("users.txt:1");
      assertThat(poolSize(proxy, "db")).isEqualTo(20);
      try (OutputStream list = Files.newOutputStream(proxy.userList())) {
        list.write("\"carol\" \"x\"\n".getBytes(StandardCharsets.UTF_8));
      }
      await("the second one is done", () -> told.size() == 2);
      assertThat(told.get(1)).isEqualTo("second null");
      assertThat(poolSize(proxy, "db")).isEqualTo(3);
      try (TestClient carol = proxy.login("db", "carol")) {
        assertThat(carol.query("SELECT 1")).isEqualTo("CZI");
      }
    }
  }

  @Test
  void changesNothingWhenTheUserListIsMissingOrBroken() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      // When
      Files.delete(proxy.userList());
      String missing = proxy.reload("db = " + host(), "default_pool_size = 3");
      Files.writeString(proxy.userList(), "\"alice\" \"x\"\nnonsense\n");
      String broken = proxy.reload("db = " + host(), "default_pool_size = 3");

      // Then
      assertThat(missing).contains("users.txt: auth_file");
      assertThat(broken).contains("users.txt:2").doesNotContain("nonsense");
      assertThat(poolSize(proxy, "db")).isEqualTo(20);
      try (TestClient bob = proxy.login("db", "bob")) {
        assertThat(bob.query("SELECT 1")).isEqualTo("CZI");
      }
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  @Test
  void returnsToTheFilesAfterSet() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      assertThat(proxy.set(Settings.DEFAULT_POOL_SIZE, "7")).isEqualTo("null");
      assertThat(poolSize(proxy, "db")).isEqualTo(7);

      // When
      assertThat(proxy.reload()).isNull();

      // Then
      assertThat(poolSize(proxy, "db")).isEqualTo(20);
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  @Test
  void endsWhoIsServedAsAUserThatTheEntryNoLongerNames() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = user=one " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");

      // When
      assertThat(proxy.reload("db = user=two " + host(), "")).isNull();

      // Then
      assertThat(alice.awaitReady()).isEqualTo("E[08P01 connect string changed]<end>");
      try (TestClient again = proxy.login("db", "alice")) {
        assertThat(again.query("SELECT 1")).isEqualTo("CZI");
      }
      assertThat(proxy.serverCount("db", "two")).isEqualTo(1);
      await("the former user's servers are gone", () -> proxy.serverCount("db", "one") <= 0);
    }
  }

  @Test
  void endsTheClientsOfARemovedDatabase() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host() + "\nkept = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      // When
      assertThat(proxy.reload("kept = " + host(), "")).isNull();

      // Then
      assertThat(alice.awaitReady()).isEqualTo("E[08P01 database removed]<end>");
      await("its server is gone", () -> postgres.sessions() == 0);
    }
  }

  @Test
  void keepsTheClientsOfAnAutomaticDatabaseThatGetsAnEntry() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "* = " + host(), "");
        TestClient alice = proxy.login("made", "alice")) {
      // When
      assertThat(proxy.reload("* = " + host() + "\nmade = " + host() + " pool_size=3", ""))
          .isNull();

      // Then
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
      assertThat(poolSize(proxy, "made")).isEqualTo(3);
      assertThat(
              proxy.<Boolean>onLoop(
                  () -> {
                    Pool pool = proxy.proxy().pools().find(new PoolKey("made", "alice"));
                    return pool != null && !pool.database().isAutomatic();
                  }))
          .isTrue();
    }
  }

  @Test
  void forgetsARemovedUserAtOnceAndKnowsItAgain() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "server_lifetime = 0")) {
      try (TestClient alice = proxy.login("db", "alice")) {
        alice.query("SELECT 1");
      }
      await("idle", () -> proxy.<Integer>onLoop(() -> proxy.proxy().clients().count()) == 0);
      await("no server", () -> proxy.serverCount("db", "alice") == 0);

      // When
      proxy.users("bob");
      assertThat(proxy.reload()).isNull();
      try (TestClient stranger = proxy.start("db", "alice")) {
        assertThat(stranger.awaitReady()).contains("authentication failed");
      }
      proxy.users("alice", "bob");
      assertThat(proxy.reload()).isNull();

      // Then
      assertThat(
              proxy.<Boolean>onLoop(
                  () -> {
                    Pool pool = proxy.proxy().pools().find(new PoolKey("db", "alice"));
                    return pool != null && pool.user().credentials() != null;
                  }))
          .isTrue();
    }
  }

  @Test
  void replacesServersWhenTheEntryChanges() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      alice.query("BEGIN");

      // When
      assertThat(proxy.reload("db = " + host() + " connect_query='SELECT 9'", "")).isNull();

      // Then
      assertThat(alice.query("SELECT old")).isEqualTo("CZT");
      assertThat(alice.query("COMMIT")).isEqualTo("CZI");
      assertThat(alice.query("SELECT new")).isEqualTo("CZI");
      assertThat(postgres.queries())
          .containsExactly("1:BEGIN", "1:SELECT old", "1:COMMIT", "2:SELECT 9", "2:SELECT new");
    }
  }

  @Test
  void resumesWhatWaitsForPause() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      proxy.proxy().pause();
      await("no server", () -> postgres.sessions() == 0);
      alice.sendQuery("SELECT 1");
      await("alice waits", () -> proxy.waiting("db", "alice") == 1);

      // When
      proxy.proxy().resume();

      // Then
      assertThat(alice.awaitReady()).isEqualTo("CZI");
    }
  }

  @Test
  void leavesAKilledDatabasePausedUntilItIsResumed() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "* = " + host(), "autodb_idle_timeout = 1");
        TestClient alice = proxy.login("made", "alice")) {
      proxy.run(() -> proxy.proxy().actions().killAll());
      assertThat(alice.awaitReady()).isEqualTo("E[08P01 database removed]<end>");
      proxy.run(
          () ->
              proxy
                  .proxy()
                  .workers()
                  .first()
                  .janitor()
                  .maintain(System.nanoTime() + 10_000_000_000L));
      try (TestClient next = proxy.start("made", "alice")) {
        await("next waits", () -> proxy.waiting("made", "alice") == 1);

        // When
        proxy.proxy().resume();

        // Then
        assertThat(next.awaitReady()).endsWith("ZI");
      }
    }
  }

  @Test
  void readsNoFurtherQueryAfterSuspend() throws IOException {
    // Given
    try (TestProxy proxy = TestProxy.start(directory, "db = " + host(), "");
        TestClient alice = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      proxy.run(() -> proxy.proxy().actions().suspend());
      alice.sendQuery("hold");

      // When
      postgres.letGo();

      // Then
      assertThat(alice.awaitReady()).isEqualTo("CZI");
      assertThat(postgres.queries()).hasSize(1);
      StillWaiting still = new StillWaiting();
      proxy.run(() -> proxy.proxy().actions().whenSuspended(still));
      await("still", () -> still.done);
      assertThat(postgres.queries()).hasSize(1);
      proxy.proxy().resume();
      await("alice runs again", () -> postgres.holding() == 1);
      postgres.letGo();
      assertThat(alice.awaitReady()).isEqualTo("CZI");
    }
  }

  /** Notes that what was waited for is there. */
  private static final class StillWaiting implements ConsoleActions.Waiting {
    private volatile boolean done;

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void undone() {}
  }
}
