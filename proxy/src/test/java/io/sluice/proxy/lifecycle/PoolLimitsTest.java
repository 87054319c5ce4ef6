package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.pool.Launch;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of servers, the waking of those who wait for a place, and failing logins. */
class PoolLimitsTest {
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

  private TestProxy proxy(String settings) throws IOException {
    return TestProxy.start(directory, databases(), settings);
  }

  private String databases() {
    return "db = host=127.0.0.1 port=%d\nother = host=127.0.0.1 port=%d"
        .formatted(postgres.port(), postgres.port());
  }

  private static Pool pool(TestProxy proxy, String database, String user) {
    Pool pool = proxy.proxy().pools().find(new PoolKey(database, user));
    return Objects.requireNonNull(pool, "no such pool");
  }

  @Test
  void givesThePlaceOfAFreeServerToAnotherPoolWithoutWaitingForMaintenance() throws IOException {
    // Given
    try (TestProxy proxy = proxy("max_db_connections = 1");
        TestClient alice = proxy.login("db", "alice");
        TestClient bob = proxy.login("db", "bob")) {
      proxy.run(() -> proxy.proxy().workers().first().janitor().setStopped(true));
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      bob.sendQuery("SELECT 1");
      await("bob waits", () -> proxy.waiting("db", "bob") == 1);

      // When
      postgres.letGo();

      // Then
      // PostgreSQL may see the new connection before the end of the old one: our side counts.
      assertThat(bob.awaitReady()).isEqualTo("CZI");
      assertThat(alice.awaitReady()).isEqualTo("CZI");
    }
  }

  @Test
  void givesThePlaceOfAClosedServerToAnotherDatabaseOfTheUser() throws IOException {
    // Given
    try (TestProxy proxy = proxy("max_user_connections = 1\nserver_lifetime = 0");
        TestClient one = proxy.login("db", "alice");
        TestClient two = proxy.login("other", "alice")) {
      proxy.run(() -> proxy.proxy().workers().first().janitor().setStopped(true));
      one.sendQuery("hold");
      await("one runs", () -> postgres.holding() == 1);
      two.sendQuery("SELECT 1");
      await("two waits", () -> proxy.waiting("other", "alice") == 1);

      // When
      postgres.letGo();

      // Then
      assertThat(two.awaitReady()).isEqualTo("CZI");
      assertThat(one.awaitReady()).isEqualTo("CZI");
    }
  }

  @Test
  void evictsNobodyForAWaiterWhomAnotherLimitStops() throws IOException {
    // Given
    try (TestProxy proxy =
            TestProxy.start(
                directory,
                databases() + " max_db_connections=9",
                "max_db_connections = 1\n[users]\nalice = max_user_connections=1");
        TestClient alice = proxy.login("other", "alice");
        TestClient bob = proxy.login("db", "bob")) {
      alice.sendQuery("hold");
      await("alice runs", () -> postgres.holding() == 1);
      assertThat(bob.query("SELECT 1")).isEqualTo("CZI");
      try (TestClient second = proxy.start("db", "alice")) {
        // When
        await("alice waits", () -> proxy.waiting("db", "alice") == 1);
        Launch outcome = proxy.onLoop(() -> pool(proxy, "db", "alice").launch());

        // Then
        assertThat(outcome).isEqualTo(Launch.USER_FULL);
        assertThat(proxy.servers("db", "bob", ServerState.IDLE)).isEqualTo(1);
        assertThat(postgres.logins()).isEqualTo(2);
        postgres.letGo();
        assertThat(second.awaitReady()).endsWith("ZI");
      }
    }
  }

  @Test
  void evictsUntilALoweredLimitIsKept() throws IOException {
    // Given
    try (TestProxy proxy = proxy("");
        TestClient alice = proxy.login("db", "alice");
        TestClient bob = proxy.login("db", "bob");
        TestClient carol = proxy.login("db", "carol")) {
      bob.query("SELECT 1");
      carol.query("SELECT 1");
      proxy.run(
          () ->
              pool(proxy, "db", "alice").closeServers(io.sluice.proxy.server.ServerClose.EVICTED));
      assertThat(proxy.reload(databases(), "max_db_connections = 1")).isNull();

      // When
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");

      // Then
      assertThat(
              proxy.<Integer>onLoop(() -> pool(proxy, "db", "alice").database().servers().used()))
          .isEqualTo(1);
    }
  }

  @Test
  void failsFastAlsoWhileTheNextAttemptIsUnderWay() throws IOException {
    // Given
    try (TestProxy proxy = proxy("server_login_retry = 0\nserver_lifetime = 0");
        TestClient alice = proxy.login("db", "alice");
        TestClient second = proxy.login("db", "alice");
        TestClient third = proxy.login("db", "alice")) {
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
      postgres.refuse("28P01:password authentication failed");
      assertThat(alice.query("SELECT 1")).isEqualTo("E[28P01 password authentication failed]<end>");
      postgres.holdLogins(true);
      String fast =
          "E[08P01 server login has been failing, cached error: password authentication failed"
              + " (server_login_retry)]<end>";

      // When
      assertThat(second.query("SELECT 1")).isEqualTo(fast);
      await("an attempt", () -> proxy.servers("db", "alice", ServerState.LOGIN) == 1);

      // Then
      assertThat(third.query("SELECT 1")).isEqualTo(fast);
      postgres.holdLogins(false);
    }
  }

  @Test
  void keepsWaitersWhilePostgresStarts() throws IOException {
    // Given
    postgres.refuse("57P03:the database system is starting up");
    try (TestProxy proxy = proxy("server_login_retry = 0");
        TestClient alice = proxy.start("db", "alice")) {
      await("attempts", () -> postgres.logins() >= 2);

      // When
      postgres.refuse(null);

      // Then
      assertThat(alice.awaitReady()).endsWith("ZI");
    }
  }

  @Test
  void tellsEveryWaiterWhyPostgresRefuses() throws IOException {
    // Given
    postgres.refuse("3D000:database \"x\" does not exist");
    postgres.holdLogins(true);
    try (TestProxy proxy = proxy("");
        TestClient one = proxy.start("db", "alice");
        TestClient two = proxy.start("db", "alice")) {
      await("both wait", () -> proxy.waiting("db", "alice") == 2);

      // When
      postgres.holdLogins(false);

      // Then
      assertThat(one.awaitReady()).contains("E[3D000 database \"x\" does not exist]");
      assertThat(two.awaitReady()).contains("E[3D000 database \"x\" does not exist]");
    }
  }

  @Test
  void keepsServersForMinPoolSizeOnlyWhileThePoolHasClients() throws IOException {
    // Given
    try (TestProxy proxy = proxy("min_pool_size = 2");
        TestClient alice = proxy.login("db", "alice")) {
      await("alice has two", () -> proxy.serverCount("db", "alice") == 2);
      TestClient bob = proxy.login("db", "bob");
      await("bob has two", () -> proxy.serverCount("db", "bob") == 2);
      bob.close();
      await(
          "bob is gone",
          () -> proxy.<Integer>onLoop(() -> pool(proxy, "db", "bob").clientCount()) == 0);

      // When
      proxy.run(
          () -> {
            pool(proxy, "db", "bob").closeServers(io.sluice.proxy.server.ServerClose.EVICTED);
            proxy.proxy().workers().first().janitor().maintain(System.nanoTime());
          });

      // Then
      assertThat(proxy.serverCount("db", "bob")).isZero();
      assertThat(alice.query("SELECT 1")).isEqualTo("CZI");
    }
  }

  @Test
  void usesTheReserveOnlyWhenTheFirstWaiterIsOldEnough() throws IOException {
    // Given
    try (TestProxy proxy =
            proxy("default_pool_size = 1\nreserve_pool_size = 1\nreserve_pool_timeout = 3600");
        TestClient one = proxy.login("db", "alice");
        TestClient two = proxy.login("db", "alice");
        TestClient three = proxy.login("db", "alice")) {
      one.sendQuery("hold");
      await("one runs", () -> postgres.holding() == 1);
      two.sendQuery("hold");
      three.sendQuery("SELECT 1");
      await("two wait", () -> proxy.waiting("db", "alice") == 2);
      assertThat(proxy.<Launch>onLoop(() -> pool(proxy, "db", "alice").launch()))
          .isEqualTo(Launch.POOL_FULL);

      // When
      String shorter = "default_pool_size = 1\nreserve_pool_size = 1\nreserve_pool_timeout = 0.001";
      assertThat(proxy.reload(databases(), shorter)).isNull();

      // Then
      await("the reserve is used", () -> postgres.holding() == 2);
      assertThat(proxy.serverCount("db", "alice")).isEqualTo(2);
      assertThat(proxy.waiting("db", "alice")).isEqualTo(1);
      postgres.letGo();
      assertThat(three.awaitReady()).isEqualTo("CZI");
    }
  }

  @Test
  void keepsAnAutomaticDatabaseForItsTimeAfterTheLastClient() throws IOException {
    // Given
    String auto = "* = host=127.0.0.1 port=" + postgres.port();
    try (TestProxy proxy =
        TestProxy.start(directory, auto, "autodb_idle_timeout = 1000\nserver_lifetime = 0")) {
      TestClient alice = proxy.login("made", "alice");
      alice.query("SELECT 1");
      await("no server", () -> proxy.serverCount("made", "alice") == 0);
      proxy.run(() -> proxy.proxy().workers().first().janitor().maintain(later(2000)));
      alice.close();
      await("gone", () -> proxy.<Integer>onLoop(() -> proxy.proxy().clients().count()) == 0);

      // When
      proxy.run(() -> proxy.proxy().workers().first().janitor().maintain(later(2001)));
      boolean kept = knows(proxy, "made");
      proxy.run(() -> proxy.proxy().workers().first().janitor().maintain(later(3100)));

      // Then
      assertThat(kept).isTrue();
      assertThat(knows(proxy, "made")).isFalse();
    }
  }

  private static boolean knows(TestProxy proxy, String database) {
    return proxy.onLoop(() -> proxy.proxy().pools().catalog().peekDatabase(database) != null);
  }

  private static long later(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }
}
