package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens in whatever order: every server is in the list of its state and is counted once,
 * no limit is exceeded, whoever waits is in a queue, and in the end nothing is left.
 */
class PoolsProperty {
  private static final int STEPS = 100;
  private static final int MAX_POOL = 2;
  private static final int MAX_DATABASE = 4;
  private static final int MAX_USER = 3;
  private static final String[] NAMES = {"alice", "bob", "carol"};

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void countsEveryServerOnceAndKeepsEveryLimit(long seed) throws IOException {
    Random random = new Random(seed);
    try (SelfRunningPostgres postgres = SelfRunningPostgres.start()) {
      String host = "host=127.0.0.1 port=" + postgres.port();
      String settings =
          "default_pool_size = %d\nmax_db_connections = %d\nmax_user_connections = %d"
                  .formatted(MAX_POOL, MAX_DATABASE, MAX_USER)
              + "\nserver_login_retry = 0\nserver_reset_query_always = 1"
              + "\nserver_check_delay = 0\nserver_lifetime = "
              + random.nextInt(2);
      try (TestProxy proxy =
          TestProxy.start(directory, "one = " + host + "\ntwo = " + host, settings)) {
        List<TestClient> clients = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
          act(random, proxy, postgres, clients);
          String where = "seed " + seed + ", step " + step;
          proxy.run(() -> check(proxy, where));
        }
        finish(proxy, postgres, clients);
      }
    }
  }

  private static void act(
      Random random, TestProxy proxy, SelfRunningPostgres postgres, List<TestClient> clients)
      throws IOException {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        String database = random.nextBoolean() ? "one" : "two";
        TestClient client = proxy.start(database, NAMES[random.nextInt(NAMES.length)]);
        clients.add(client);
      }
      case 3, 4, 5 -> any(random, clients, client -> client.sendQuery("hold"));
      case 6 -> any(random, clients, client -> client.sendQuery("BEGIN"));
      case 7 -> postgres.letGo();
      case 8 -> {
        if (!clients.isEmpty()) {
          clients.remove(random.nextInt(clients.size())).close();
        }
      }
      case 9 -> proxy.run(() -> proxy.proxy().actions().reconnect(null));
      case 10 -> {
        proxy.run(() -> proxy.proxy().actions().pauseAll());
        proxy.run(() -> proxy.proxy().actions().resumeAll());
      }
      default ->
          proxy.run(() -> proxy.proxy().workers().first().janitor().maintain(System.nanoTime()));
    }
  }

  private interface Step {
    void run(TestClient client) throws IOException;
  }

  private static void any(Random random, List<TestClient> clients, Step step) throws IOException {
    if (!clients.isEmpty()) {
      try {
        step.run(clients.get(random.nextInt(clients.size())));
      } catch (java.net.SocketException closed) {
        // It was turned away before.
        return;
      }
    }
  }

  private static void check(TestProxy proxy, String where) {
    Pools pools = proxy.proxy().pools();
    for (Pool pool : pools.all()) {
      checkLists(pool, where);
      assertThat(pool.lane().serverCount()).as(where).isLessThanOrEqualTo(MAX_POOL);
      assertThat(pool.lane().servers(ServerState.LOGIN).size()).as(where).isLessThanOrEqualTo(1);
    }
    for (Database database : pools.catalog().databases()) {
      int servers = pools.of(database).stream().mapToInt(p -> p.lane().serverCount()).sum();
      assertThat(database.servers().used())
          .as(where)
          .isEqualTo(servers)
          .isLessThanOrEqualTo(MAX_DATABASE);
    }
    for (User user : pools.catalog().users()) {
      int servers =
          pools.all().stream()
              .filter(pool -> pool.user() == user)
              .mapToInt(pool -> pool.lane().serverCount())
              .sum();
      assertThat(user.servers().used()).as(where).isEqualTo(servers).isLessThanOrEqualTo(MAX_USER);
    }
    checkClients(proxy, where);
  }

  private static void checkLists(Pool pool, String where) {
    for (ServerState state : ServerState.values()) {
      if (state == ServerState.CLOSED) {
        continue;
      }
      int length = 0;
      for (Server s = pool.lane().servers(state).first(); s != null; s = s.next()) {
        assertThat(s.state()).as(where).isEqualTo(state);
        assertThat(s.sink() != null).as(where + " " + s).isEqualTo(state == ServerState.ACTIVE);
        length++;
      }
      assertThat(pool.lane().servers(state).size()).as(where).isEqualTo(length);
    }
  }

  private static void checkClients(TestProxy proxy, String where) {
    int queued = 0;
    for (Client c = proxy.proxy().clients().first(); c != null; c = c.next()) {
      boolean waits = c.state() == ClientState.WAITING || c.state() == ClientState.WAITING_LOGIN;
      assertThat(c.ticket().isQueued()).as(where + " " + c).isEqualTo(waits);
      queued += waits ? 1 : 0;
      Server held = c.server();
      assertThat(held == null || held.sink() == c).as(where + " " + c).isTrue();
    }
    int inQueues =
        proxy.proxy().pools().all().stream().mapToInt(p -> p.lane().waiters().size()).sum();
    assertThat(inQueues).as(where).isEqualTo(queued);
  }

  private static void finish(
      TestProxy proxy, SelfRunningPostgres postgres, List<TestClient> clients) throws IOException {
    for (TestClient client : clients) {
      client.close();
    }
    await(
        "all clients gone",
        () -> {
          postgres.letGo();
          return proxy.<Integer>onLoop(() -> proxy.proxy().clients().count()) == 0;
        });
    proxy.proxy().pause();
    await(
        "all servers gone",
        () ->
            proxy.<Boolean>onLoop(
                () ->
                    proxy.proxy().pools().catalog().databases().stream()
                        .allMatch(database -> database.servers().used() == 0)));
    await(
        "all sessions gone",
        () -> {
          // One may have been told to hold just before its server was closed.
          postgres.letGo();
          return postgres.sessions() == 0;
        });
    proxy.run(() -> check(proxy, "the end"));
  }
}
