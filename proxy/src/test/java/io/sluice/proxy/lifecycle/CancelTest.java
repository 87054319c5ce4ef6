package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cancel requests hit the query that they are meant for, and no other. */
class CancelTest {
  private static final String CANCELED = "E[57014 canceling statement due to user request]ZI";

  @TempDir private Path directory;
  private SelfRunningPostgres postgres;
  private TestProxy proxy;

  @BeforeEach
  void start() throws IOException {
    postgres = SelfRunningPostgres.start();
    proxy =
        TestProxy.start(
            directory, "db = host=127.0.0.1 port=" + postgres.port(), "default_pool_size = 1");
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    postgres.close();
  }

  @Test
  void cancelsTheQueryThatRuns() throws IOException {
    // Given
    try (TestClient alice = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);

      // When
      alice.cancel();

      // Then
      assertThat(alice.awaitReady()).isEqualTo(CANCELED);
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  @Test
  void cancelsAQueryThatWaits() throws IOException {
    // Given
    try (TestClient alice = proxy.login("db", "alice");
        TestClient simple = proxy.login("db", "alice");
        TestClient extended = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      simple.sendQuery("SELECT simple");
      extended.sendExtended("SELECT extended");
      await("both wait", () -> proxy.waiting("db", "alice") == 2);

      // When
      simple.cancel();
      extended.cancel();

      // Then
      assertThat(simple.awaitReady()).isEqualTo(CANCELED);
      assertThat(extended.awaitReady()).isEqualTo(CANCELED);
      assertThat(postgres.holding()).isEqualTo(1);
      postgres.letGo();
      assertThat(alice.awaitReady()).isEqualTo("CZI");
      assertThat(simple.query("SELECT again")).isEqualTo("CZI");
      extended.sendExtended("SELECT again");
      assertThat(extended.awaitReady()).isEqualTo("12CZI");
      assertThat(postgres.cancels()).isZero();
    }
  }

  @Test
  void parksTheServerUntilTheRequestIsThrough() throws IOException {
    // Given
    postgres.holdCancels(true);
    try (TestClient alice = proxy.login("db", "alice");
        TestClient second = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      try (TestClient carrier = alice.startCancel()) {
        // When
        assertThat(alice.awaitReady()).isEqualTo(CANCELED);
        second.sendQuery("hold");
        await("parked", () -> proxy.servers("db", "alice", ServerState.BEING_CANCELED) == 1);

        // Then
        await("second waits", () -> proxy.waiting("db", "alice") == 1);
        postgres.holdCancels(false);
        assertThat(carrier.awaitReady()).isEqualTo("<end>");
        await("second runs", () -> postgres.holding() == 1);
        postgres.letGo();
        assertThat(second.awaitReady()).isEqualTo("CZI");
      }
    }
  }

  @Test
  void replacesAParkedServerAfterReconnect() throws IOException {
    // Given
    postgres.holdCancels(true);
    try (TestClient alice = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      try (TestClient carrier = alice.startCancel()) {
        assertThat(alice.awaitReady()).isEqualTo(CANCELED);
        await("parked", () -> proxy.servers("db", "alice", ServerState.BEING_CANCELED) == 1);

        // When
        proxy.run(() -> proxy.proxy().actions().reconnect(null));
        postgres.holdCancels(false);

        // Then
        assertThat(carrier.awaitReady()).isEqualTo("<end>");
        assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
        assertThat(postgres.queries().get(postgres.queries().size() - 1)).isEqualTo("2:SELECT 1");
        try (TestClient late = proxy.start("db", "alice")) {
          assertThat(late.awaitReady()).endsWith("ZI");
        }
      }
    }
  }

  @Test
  void neverGivesAServerOnThatARequestMayStillReach() throws IOException {
    // Given
    proxy.reload(
        "db = host=127.0.0.1 port=" + postgres.port(),
        "default_pool_size = 1\ncancel_wait_timeout = 0.001");
    postgres.holdCancels(true);
    try (TestClient alice = proxy.login("db", "alice")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      try (TestClient carrier = alice.startCancel()) {
        assertThat(alice.awaitReady()).isEqualTo(CANCELED);

        // When
        assertThat(alice.query("SELECT 1")).isEqualTo("CZI");

        // Then
        assertThat(postgres.cancelsUnderWay()).isEqualTo(1);
        assertThat(postgres.queries()).containsExactly("1:hold", "2:SELECT 1");
        assertThat(carrier.awaitReady()).isEqualTo("<end>");
      }
    }
    postgres.holdCancels(false);
  }

  @Test
  void hitsNobodyElseWhenAHundredRequestsRaceWithTheRelease() throws IOException {
    try (TestClient alice = proxy.login("db", "alice");
        TestClient victim = proxy.login("db", "alice")) {
      for (int round = 0; round < 10; round++) {
        // Given
        alice.sendQuery("hold");
        await("alice runs", () -> postgres.holding() == 1);
        victim.sendQuery("hold");
        await("the victim waits", () -> proxy.waiting("db", "alice") == 1);

        // When
        List<TestClient> carriers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          carriers.add(alice.startCancel());
        }
        assertThat(alice.awaitReady()).isEqualTo(CANCELED);
        for (TestClient carrier : carriers) {
          carrier.awaitReady();
          carrier.close();
        }

        // Then
        await("the victim runs", () -> postgres.holding() == 1);
        postgres.letGo();
        assertThat(victim.awaitReady()).as("round %d", round).isEqualTo("CZI");
      }
      await("no carrier is left", () -> proxy.serverCount("db", "alice") == 1);
      PoolKey key = new PoolKey("db", "alice");
      assertThat(proxy.<Boolean>onLoop(() -> proxy.proxy().pools().find(key) != null)).isTrue();
    }
  }
}
