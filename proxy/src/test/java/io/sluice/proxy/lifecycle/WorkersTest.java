package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several event loops, one set of limits. New connections are given to the loops in turn. */
class WorkersTest {
  @TempDir private Path directory;
  private SelfRunningPostgres postgres;
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    postgres = SelfRunningPostgres.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (TestClient client : clients) {
      client.close();
    }
    postgres.close();
  }

  private TestProxy proxy(int workers, String settings) throws IOException {
    return TestProxy.start(
        directory,
        "db = host=127.0.0.1 port=" + postgres.port(),
        "workers = " + workers + "\n" + settings);
  }

  private void login(TestProxy proxy, int count, String user) throws IOException {
    for (int i = 0; i < count; i++) {
      clients.add(proxy.login("db", user));
    }
  }

  /** Lets all queries go on until every client is answered. */
  private void answerAll(List<TestClient> waiting) throws IOException, InterruptedException {
    Thread letting =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                postgres.letGo();
                Thread.onSpinWait();
              }
            });
    letting.setDaemon(true);
    letting.start();
    try {
      for (TestClient client : waiting) {
        assertThat(client.awaitReady()).isEqualTo("CZI");
      }
    } finally {
      letting.interrupt();
      letting.join();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 32", "2, 8", "2, 3", "8, 32", "8, 5"})
  void servesEverybodyWithNoMoreServersThanPoolSize(int workers, int size) throws Exception {
    try (TestProxy proxy = proxy(workers, "default_pool_size = " + size)) {
      login(proxy, 3 * size, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("all servers are busy", () -> postgres.holding() == size);
      assertThat(proxy.serverCount("db", "alice")).isEqualTo(size);

      answerAll(clients);

      assertThat(postgres.mostSessions()).isEqualTo(size);
    }
  }

  @Test
  void givesIdleServersToTheLoopWhoseClientsWait() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8")) {
      login(proxy, 16, "alice");
      for (int i = 0; i < 8; i++) {
        clients.get(i).sendQuery("hold");
      }
      await("both loops have servers", () -> postgres.holding() == 8);
      answerAll(clients.subList(0, 8));

      List<TestClient> ofOneLoop = new ArrayList<>();
      for (int i = 0; i < 16; i += 2) {
        ofOneLoop.add(clients.get(i));
        clients.get(i).sendQuery("hold");
      }

      await("one loop has all servers", () -> postgres.holding() == 8);
      assertThat(postgres.logins()).isEqualTo(8);
      answerAll(ofOneLoop);
    }
  }

  @Test
  void servesASmallPoolOnOneLoop() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 2")) {
      login(proxy, 4, "alice");
      for (TestClient client : clients) {
        assertThat(client.query("SELECT 1")).isEqualTo("CZI");
      }
      assertThat(proxy.loopsOf("db", "alice")).isEqualTo(1);
      assertThat(proxy.proxy().workers().clientCount()).isEqualTo(4);
    }
  }

  @Test
  void findsTheClientOfACancelRequestOnWhateverLoop() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8")) {
      login(proxy, 2, "alice");
      for (int round = 0; round < 4; round++) {
        TestClient client = clients.get(round / 2);
        client.sendQuery("hold");
        await("it runs", () -> postgres.holding() == 1);
        client.cancel();
        assertThat(client.awaitReady()).contains("57014");
        // One more connection, so that the next request comes to the other loop.
        proxy.login("db", "alice").close();
      }
    }
  }

  @Test
  void cancelsTheQueryOfAWaitingClientOfAnotherLoop() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 1")) {
      login(proxy, 3, "alice");
      clients.get(0).sendQuery("hold");
      await("one runs", () -> postgres.holding() == 1);
      clients.get(1).sendQuery("SELECT 1");
      clients.get(2).sendQuery("SELECT 1");
      await("two wait", () -> proxy.waiting("db", "alice") == 2);
      clients.get(1).cancel();
      clients.get(2).cancel();
      assertThat(clients.get(1).awaitReady()).contains("57014");
      assertThat(clients.get(2).awaitReady()).contains("57014");
      answerAll(clients.subList(0, 1));
    }
  }

  @Test
  void countsServersOfADatabaseOverAllLoops() throws Exception {
    try (TestProxy proxy = proxy(4, "default_pool_size = 20\nmax_db_connections = 10")) {
      login(proxy, 20, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("the limit is reached", () -> postgres.holding() == 10);
      assertThat(proxy.serverCount("db", "alice")).isEqualTo(10);
      answerAll(clients);
      assertThat(proxy.serverCount("db", "alice")).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void evictsIdleServersOfOtherLoops() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8\nmax_db_connections = 8")) {
      login(proxy, 8, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("alice has all places", () -> postgres.holding() == 8);
      answerAll(clients);
      List<TestClient> bobs = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        bobs.add(proxy.login("db", "bob"));
      }
      clients.addAll(bobs);
      for (TestClient client : bobs) {
        client.sendQuery("hold");
      }
      await("bob has servers", () -> postgres.holding() == 6);
      answerAll(bobs);
    }
  }

  @Test
  void countsClientsOverAllLoops() throws Exception {
    try (TestProxy proxy = proxy(4, "default_pool_size = 20\nmax_client_conn = 5")) {
      login(proxy, 5, "alice");
      try (TestClient more = proxy.start("db", "alice")) {
        assertThat(more.awaitReady()).contains("no more connections allowed");
      }
    }
  }

  @Test
  void countsClientsOfAUserOverAllLoops() throws Exception {
    try (TestProxy proxy = proxy(4, "default_pool_size = 20\nmax_user_client_connections = 5")) {
      login(proxy, 5, "alice");
      try (TestClient more = proxy.start("db", "alice")) {
        assertThat(more.awaitReady()).contains("E[");
      }
      clients.remove(0).close();
      await("one has left", () -> proxy.onLoop(() -> proxy.proxy().workers().clientCount()) == 4);
      login(proxy, 1, "alice");
    }
  }

  @Test
  void pausesAndResumesAllLoops() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8")) {
      login(proxy, 4, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("all run", () -> postgres.holding() == 4);
      proxy.proxy().pause();
      answerAll(clients);
      await("all servers are closed", () -> proxy.serverCount("db", "alice") == 0);
      for (TestClient client : clients) {
        client.sendQuery("SELECT 1");
      }
      await("all wait", () -> proxy.waiting("db", "alice") == 4);
      proxy.proxy().resume();
      for (TestClient client : clients) {
        assertThat(client.awaitReady()).isEqualTo("CZI");
      }
    }
  }

  @Test
  void killsClientsAndServersOfAllLoops() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8")) {
      login(proxy, 4, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("all run", () -> postgres.holding() == 4);
      proxy.run(() -> proxy.proxy().actions().kill("db"));
      for (TestClient client : clients) {
        assertThat(client.awaitReady()).endsWith("<end>");
      }
      assertThat(proxy.serverCount("db", "alice")).isZero();
    }
  }

  @Test
  void replacesServersOfAllLoopsAfterAReload() throws Exception {
    try (TestProxy proxy = proxy(2, "default_pool_size = 8");
        SelfRunningPostgres other = SelfRunningPostgres.start()) {
      login(proxy, 4, "alice");
      for (TestClient client : clients) {
        client.sendQuery("hold");
      }
      await("all run", () -> postgres.holding() == 4);
      answerAll(clients);

      String moved = "db = host=127.0.0.1 port=" + other.port();
      assertThat(proxy.reload(moved, "workers = 2\ndefault_pool_size = 8")).isNull();

      await("the old servers are gone", () -> postgres.sessions() == 0);
      for (TestClient client : clients) {
        assertThat(client.query("SELECT 1")).isEqualTo("CZI");
      }
      assertThat(proxy.servers("db", "alice", ServerState.IDLE)).isEqualTo(other.sessions());
    }
  }
}
