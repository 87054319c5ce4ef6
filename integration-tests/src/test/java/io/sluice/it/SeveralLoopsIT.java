package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One set of limits for all event loops, under load, counted by PostgreSQL. */
@ExtendWith(PostgresExtension.class)
class SeveralLoopsIT {
  private static final int CLIENTS = 120;
  private static final int TRANSACTIONS = 100;

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceConfig config(int workers) {
    return SluiceConfig.before(postgres).set("pool_mode", "transaction").set("workers", workers);
  }

  /** The limit is the pool's own, the database's, or the reserve's on top of the pool's. */
  @ParameterizedTest
  @CsvSource({
    "1, default_pool_size=40 max_db_connections=0, 40",
    "2, default_pool_size=40 max_db_connections=0, 40",
    "8, default_pool_size=40 max_db_connections=0, 40",
    "8, default_pool_size=50 max_db_connections=33, 33",
    "8, default_pool_size=50 max_user_connections=35, 35",
    "8, default_pool_size=32 reserve_pool_size=5 reserve_pool_timeout=0.001, 37"
  })
  void neverHasMoreServersThanItMay(int workers, String settings, int limit) throws Exception {
    new Pgbench(postgres.port(), "postgres", database.name()).initialize(1);
    SluiceConfig config = config(workers).set("max_client_conn", CLIENTS + 5);
    for (String setting : settings.split(" ", -1)) {
      config.set(setting.split("=", -1)[0], setting.split("=", -1)[1]);
    }
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      Pgbench load = new Pgbench(sluice.port(), "postgres", database.name());
      CompletableFuture<Long> processed =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return load.run(
                      "-S", "-n", "-c", "" + CLIENTS, "-j", "4", "-t", "" + TRANSACTIONS);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      long most = 0;
      while (!processed.isDone()) {
        most = Math.max(most, database.connections());
        assertThat(most).isLessThanOrEqualTo(limit);
      }

      assertThat(processed.join()).isEqualTo(CLIENTS * TRANSACTIONS);
      // Servers stay for a while: the last of them may have come behind the last look.
      most = Math.max(most, database.connections());
      assertThat(most).as("servers at once").isEqualTo(limit);
    }
  }

  /** Connections go to the loops in turn: of these, the first half are on one, the others not. */
  @Test
  void givesTheServersOfAnIdleLoopToABusyOne() throws Exception {
    int servers = 8;
    List<WireClient> even = new ArrayList<>();
    List<WireClient> odd = new ArrayList<>();
    try (SluiceProcess sluice = SluiceProcess.start(config(2).set("default_pool_size", servers))) {
      for (int i = 0; i < servers; i++) {
        even.add(sluice.login("postgres", database.name()));
        odd.add(sluice.login("postgres", database.name()));
      }
      for (List<WireClient> busy : List.of(even, odd, even)) {
        for (WireClient client : busy) {
          client.query("BEGIN");
        }
        assertThat(database.connections()).isEqualTo(servers);
        for (WireClient client : busy) {
          client.query("COMMIT");
        }
      }
    } finally {
      for (int i = 0; i < even.size(); i++) {
        even.get(i).close();
        odd.get(i).close();
      }
    }
  }

  /** More clients than places: exactly so many are let in, whichever loop they come to. */
  @ParameterizedTest
  @CsvSource({"1", "2", "8"})
  void letsInExactlyAsManyClientsAsItMay(int workers) throws Exception {
    List<WireClient> clients = new ArrayList<>();
    int refused = 0;
    try (SluiceProcess sluice = SluiceProcess.start(config(workers).set("max_client_conn", 20))) {
      for (int i = 0; i < 30; i++) {
        try {
          clients.add(sluice.login("postgres", database.name()));
        } catch (WireError e) {
          assertThat(e).hasMessageContaining("no more connections allowed (max_client_conn)");
          refused++;
        }
      }
      assertThat(clients).hasSize(20);
      assertThat(refused).isEqualTo(10);
      // The console at the end has to find a place.
      clients.remove(0).close();
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
  }
}
