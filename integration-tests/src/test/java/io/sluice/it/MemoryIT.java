package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that send more than can be kept for them, while PostgreSQL is busy. */
@ExtendWith(PostgresExtension.class)
class MemoryIT {
  private static final int LIMIT_BYTES = 4_000_000;
  private static final int CLIENTS = 80;
  private static final int QUERY_BYTES = 500_000;

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private static long used(WireClient console, String row) throws IOException {
    WireResult memory = console.query("SHOW MEM");
    int index = memory.column("name").indexOf(row);
    return Long.parseLong(String.valueOf(memory.column("used").get(index)));
  }

  private static Thread asking(WireClient client) {
    Thread asking =
        new Thread(
            () -> {
              try {
                client.send(query("SELECT length('" + "x".repeat(QUERY_BYTES) + "')"));
              } catch (IOException ended) {
                // What it sent is missed where the answer is read.
              }
            });
    asking.setDaemon(true);
    asking.start();
    return asking;
  }

  @Test
  void keepsNoMoreThanTheLimitAndServesEverybodyLater() throws Exception {
    SluiceConfig config =
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", 1)
            .set("memory_limit", LIMIT_BYTES);
    List<WireClient> clients = new ArrayList<>();
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient console = sluice.console();
        WireClient holder = sluice.login("postgres", database.name())) {
      holder.query("BEGIN");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(sluice.login("postgres", database.name()));
      }
      List<Thread> asking = clients.stream().map(MemoryIT::asking).toList();
      Eventually.await(
          "memory is tight", () -> !sluice.log().matching("memory is tight").isEmpty());

      assertThatThrownBy(() -> sluice.login("postgres", database.name()))
          .isInstanceOf(WireError.class)
          .hasMessageContaining("memory_limit");
      try (WireClient second = sluice.console()) {
        assertThat(used(second, "memory_limit"))
            .isBetween(LIMIT_BYTES / 4L * 3, LIMIT_BYTES + 500_000L);
      }
      assertThat(used(console, "client_buffers")).isPositive();
      assertThat(used(console, "heap")).isPositive();

      holder.query("COMMIT");
      for (int i = 0; i < CLIENTS; i++) {
        assertThat(clients.get(i).readResult().number()).isEqualTo(QUERY_BYTES);
        asking.get(i).join();
      }
      Eventually.await("memory is plenty", () -> used(console, "memory_limit") < LIMIT_BYTES / 4);
      sluice.login("postgres", database.name()).close();
      Eventually.await(
          "the log says so", () -> !sluice.log().matching("memory is plenty again").isEmpty());
    } finally {
      for (WireClient client : clients) {
        client.abort();
      }
    }
  }
}
