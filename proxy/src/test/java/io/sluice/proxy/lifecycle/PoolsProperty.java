package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens in whatever order, on however many event loops: every server is in the list of
 * its state and is counted once, no limit is exceeded, whoever waits is in a queue and is served in
 * the end, and then nothing is left.
 */
class PoolsProperty {
  private static final String[] NAMES = {"alice", "bob", "carol"};

  /** Pools that one loop serves alone, and a pool that every loop serves. */
  private enum Shape {
    ONE_LOOP(1, 2, 4, 3, 100),
    SMALL_POOLS_ON_EIGHT_LOOPS(8, 2, 4, 3, 100),
    DIVIDED_POOLS_ON_EIGHT_LOOPS(8, 33, 50, 40, 400);

    private final int workers;
    private final int maxPool;
    private final int maxDatabase;
    private final int maxUser;
    private final int steps;

    Shape(int workers, int maxPool, int maxDatabase, int maxUser, int steps) {
      this.workers = workers;
      this.maxPool = maxPool;
      this.maxDatabase = maxDatabase;
      this.maxUser = maxUser;
      this.steps = steps;
    }
  }

  @TempDir private Path directory;

  static Stream<Arguments> runs() {
    return Arrays.stream(Shape.values())
        .flatMap(shape -> LongStream.rangeClosed(1, 4).mapToObj(seed -> arguments(shape, seed)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void countsEveryServerOnceAndKeepsEveryLimit(Shape shape, long seed) throws IOException {
    Random random = new Random(seed);
    try (SelfRunningPostgres postgres = SelfRunningPostgres.start()) {
      String host = "host=127.0.0.1 port=" + postgres.port();
      String settings =
          "default_pool_size = %d\nmax_db_connections = %d\nmax_user_connections = %d"
                  .formatted(shape.maxPool, shape.maxDatabase, shape.maxUser)
              + "\nworkers = "
              + shape.workers
              + "\nserver_login_retry = 0\nserver_reset_query_always = 1"
              + "\nserver_check_delay = 0\nserver_lifetime = "
              + random.nextInt(2);
      try (TestProxy proxy =
          TestProxy.start(directory, "one = " + host + "\ntwo = " + host, settings)) {
        List<TestClient> clients = new ArrayList<>();
        for (int step = 0; step < shape.steps; step++) {
          act(random, shape, proxy, postgres, clients);
          String where = shape + ", seed " + seed + ", step " + step;
          proxy.run(() -> check(proxy, shape, where));
        }
        finish(proxy, postgres, clients, shape);
      }
    }
  }

  private static void act(
      Random random,
      Shape shape,
      TestProxy proxy,
      SelfRunningPostgres postgres,
      List<TestClient> clients)
      throws IOException {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        String database = random.nextBoolean() ? "one" : "two";
        TestClient client = proxy.start(database, NAMES[random.nextInt(NAMES.length)]);
        clients.add(client);
      }
      case 3, 4, 5 -> any(random, clients, client -> client.sendQuery("hold"));
      case 6 -> {
        // Transactions that stay open could keep others waiting for ever, which is right.
        String sql = shape.workers == 1 ? "BEGIN" : "SELECT 1";
        any(random, clients, client -> client.sendQuery(sql));
      }
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
          proxy.run(
              () ->
                  proxy
                      .proxy()
                      .workers()
                      .all()
                      .forEach(worker -> worker.janitor().maintain(System.nanoTime())));
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

  private static void check(TestProxy proxy, Shape shape, String where) {
    Workers workers = proxy.proxy().workers();
    for (Pool pool : workers.pools()) {
      checkLists(pool, where);
      assertThat(pool.lane().servers(ServerState.LOGIN).size()).as(where).isLessThanOrEqualTo(1);
    }
    Map<PoolKey, Integer> byPool = count(workers, Pool::key);
    byPool.forEach((key, count) -> assertThat(count).as(where).isBetween(0, shape.maxPool));
    Map<String, Integer> byDatabase = count(workers, pool -> pool.database().name());
    for (Database database : workers.first().pools().catalog().databases()) {
      checkCount(
          database.servers().used(),
          byDatabase.getOrDefault(database.name(), 0),
          shape,
          shape.maxDatabase,
          where);
    }
    Map<String, Integer> byUser = count(workers, pool -> pool.user().name());
    for (User user : workers.first().pools().catalog().users()) {
      checkCount(
          user.servers().used(), byUser.getOrDefault(user.name(), 0), shape, shape.maxUser, where);
    }
    checkClients(workers, where);
  }

  private static <K> Map<K, Integer> count(Workers workers, Function<Pool, K> key) {
    return workers.pools().stream()
        .collect(
            Collectors.groupingBy(key, Collectors.summingInt(pool -> pool.lane().serverCount())));
  }

  /** A server between two loops has its places, and is in no list. */
  private static void checkCount(int used, int listed, Shape shape, int most, String where) {
    assertThat(used).as(where).isBetween(listed, most);
    if (shape.workers == 1) {
      assertThat(used).as(where).isEqualTo(listed);
    }
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

  private static void checkClients(Workers workers, String where) {
    int queued = 0;
    for (Client c : workers.clients(client -> true)) {
      boolean waits = c.state() == ClientState.WAITING || c.state() == ClientState.WAITING_LOGIN;
      assertThat(c.ticket().isQueued()).as(where + " " + c).isEqualTo(waits);
      queued += waits ? 1 : 0;
      Server held = c.server();
      assertThat(held == null || held.sink() == c).as(where + " " + c).isTrue();
    }
    int inQueues = workers.pools().stream().mapToInt(p -> p.lane().waiters().size()).sum();
    assertThat(inQueues).as(where).isEqualTo(queued);
  }

  private static void finish(
      TestProxy proxy, SelfRunningPostgres postgres, List<TestClient> clients, Shape shape)
      throws IOException {
    // Transactions that stay open hold their servers: who waits is served when they end.
    await(
        "nobody waits",
        () -> {
          postgres.letGo();
          return proxy.<Boolean>onLoop(() -> isServed(proxy.proxy().workers()));
        });
    for (TestClient client : clients) {
      client.close();
    }
    await(
        "all clients gone",
        () -> {
          postgres.letGo();
          return proxy.<Integer>onLoop(() -> proxy.proxy().workers().clientCount()) == 0;
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
    proxy.run(() -> check(proxy, shape, "the end"));
  }

  /** Nobody waits, or all servers of those who do are held by open transactions. */
  private static boolean isServed(Workers workers) {
    boolean waited = workers.pools().stream().anyMatch(p -> !p.lane().waiters().isEmpty());
    boolean held =
        workers.pools().stream()
            .anyMatch(
                p -> {
                  Server first = p.lane().servers(ServerState.ACTIVE).first();
                  return first != null && first.transactionStatus() != TransactionStatus.IDLE;
                });
    return !waited || held;
  }
}
