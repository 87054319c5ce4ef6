package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many clients on few servers never see anything of each other, whatever happens meanwhile.
 *
 * <p>{@code -Dsluice.isolation.seconds=7200} takes longer for each policy, {@code -Dsluice.seed=N}
 * other ways.
 */
@ExtendWith(PostgresExtension.class)
class IsolationIT {
  private static final int SECONDS = Integer.getInteger("sluice.isolation.seconds", 10);
  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());
  private static final int CLIENTS = 12;
  private static final int SERVERS = 3;

  @ParameterizedTest
  @ValueSource(strings = {"reset", "pin"})
  void keepsClientsApartWhileServersClientsAndSettingsComeAndGo(
      String policy, EmbeddedPostgres postgres) throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    SluiceConfig config =
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", SERVERS)
            .set("max_prepared_statements", 5)
            .set("session_state_policy", policy)
            .set("server_login_retry", 0)
            .set("log_connections", 0)
            .set("log_disconnections", 0);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      List<IsolationClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            new IsolationClient(
                sluice, database.name(), i, policy.equals("pin"), SEED, deadlineNs));
      }
      run(clients, () -> disturb(sluice, database, config, deadlineNs));

      System.out.printf(
          "isolation, %s: %d clients left %d marks in %d seconds, seed %d, no violation%n",
          policy, CLIENTS, clients.stream().mapToInt(IsolationClient::marks).sum(), SECONDS, SEED);
      assertThat(clients).allMatch(client -> client.marks() > 10);
      pools.await("cl_active", 0);
      pools.await("sv_active", 0);
    }
  }

  /** A task that may fail in any way. */
  private interface Disturbance {
    void run() throws Exception;
  }

  private static void run(List<IsolationClient> clients, Disturbance disturbance) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
    try {
      List<Future<?>> all = new ArrayList<>();
      clients.forEach(client -> all.add(threads.submit(client)));
      all.add(
          threads.submit(
              () -> {
                disturbance.run();
                return null;
              }));
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + SEED + ": " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void disturb(
      SluiceProcess sluice, TestDatabase database, SluiceConfig config, long deadlineNs)
      throws Exception {
    Random random = new Random(SEED);
    try (WireClient console = sluice.console()) {
      while (System.nanoTime() < deadlineNs) {
        disturbOnce(random, sluice, console, database, config);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      }
    }
  }

  private static void disturbOnce(
      Random random,
      SluiceProcess sluice,
      WireClient console,
      TestDatabase database,
      SluiceConfig config)
      throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> console.query("RECONNECT");
      case 1 -> sluice.reload(config.set("max_prepared_statements", 1 + random.nextInt(8)));
      case 2 -> {
        console.query("PAUSE");
        console.query("RESUME");
      }
      case 3 -> kill(console, database.name());
      default ->
          database
              .postgres()
              .query(
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                      + database.name()
                      + "' ORDER BY random() LIMIT 1");
    }
  }

  private static void kill(WireClient console, String database) throws IOException {
    try {
      console.query("KILL " + database);
      console.query("RESUME " + database);
    } catch (WireError e) {
      // No client of the database has come yet, or it is paused no more.
      if (e.isFatal()) {
        throw e;
      }
    }
  }
}
