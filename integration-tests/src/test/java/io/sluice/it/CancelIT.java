package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.cancelRequest;
import static io.sluice.demo.wire.FrontendMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancel requests reach the query they are meant for, and no other. */
@ExtendWith(PostgresExtension.class)
class CancelIT {
  private static final String SLEEP = "SELECT pg_sleep(600)";
  private static final String CANCELED = "ERROR: canceling statement due to user request (57014)";

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  @Test
  void cancelsTheRunningQueryAndKeepsTheSession() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.send(query(SLEEP));
      database.awaitRunning(SLEEP, 1);

      client.cancel();

      assertThatThrownBy(client::readResult).hasMessage(CANCELED);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void cancelsAQueryInATransactionWhichThenHasFailed() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("BEGIN");
      client.send(query(SLEEP));
      database.awaitRunning(SLEEP, 1);

      client.cancel();

      assertThatThrownBy(client::readResult).hasMessage(CANCELED);
      assertThat(client.transactionStatus()).isEqualTo('E');
      client.query("ROLLBACK");
    }
  }

  @Test
  void cancelsAQueryThatIsStillQueued() throws Exception {
    try (SluiceProcess sluice = start(1);
        PoolCounts pools = PoolCounts.of(sluice, database.name());
        WireClient holder = login(sluice);
        WireClient waiter = login(sluice)) {
      holder.query("BEGIN");
      waiter.send(query("SELECT 1"));
      pools.await("cl_waiting", 1);

      waiter.cancel();

      assertThatThrownBy(waiter::readResult)
          .isInstanceOfSatisfying(
              WireError.class, error -> assertThat(error.sqlState()).isEqualTo("57014"));
      assertThat(holder.query("SELECT 5").number()).isEqualTo(5);
      holder.query("COMMIT");
      assertThat(waiter.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void leavesAnIdleClientAlone() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice)) {
      client.query("SELECT 1");

      client.cancel();

      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void leavesTheQueryAloneWhenTheKeyIsWrong() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient client = login(sluice);
        WireClient stranger = WireClient.connect(sluice.tcp())) {
      byte[] key = client.secretKey();
      key[0] ^= 1;
      client.send(query("SELECT pg_sleep(0.5), 7"));

      stranger.send(cancelRequest(client.processId(), key));

      assertThat(stranger.expectClosed()).isEmpty();
      assertThat(client.readResult().column("?column?")).containsExactly("7");
    }
  }

  @Test
  void cancelsWhileThePoolIsFull() throws Exception {
    try (SluiceProcess sluice = start(2);
        WireClient first = login(sluice);
        WireClient second = login(sluice)) {
      first.send(query(SLEEP));
      second.send(query(SLEEP));
      database.awaitRunning(SLEEP, 2);

      first.cancel();
      second.cancel();

      assertThatThrownBy(first::readResult).hasMessage(CANCELED);
      assertThatThrownBy(second::readResult).hasMessage(CANCELED);
    }
  }

  /** The victim and the bystander share the only server; a late cancel must not hit the second. */
  @Test
  void racingCancelsNeverHitTheNextClient() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient victim = login(sluice);
        WireClient bystander = login(sluice)) {
      for (int round = 0; round < 100; round++) {
        victim.send(query("SELECT pg_sleep(0.0" + round % 5 + ")"));
        bystander.send(query("SELECT pg_sleep(0.01), " + round));
        try (WireClient messenger = WireClient.connect(sluice.tcp())) {
          messenger.send(cancelRequest(victim.processId(), victim.secretKey()));

          readResultOrCancellation(victim);

          assertThat(bystander.readResult().column("?column?"))
              .describedAs("round %d", round)
              .containsExactly(Integer.toString(round));
          messenger.expectClosed();
        }
      }
      assertThat(victim.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  private static void readResultOrCancellation(WireClient client) throws Exception {
    try {
      client.readResult();
    } catch (WireError e) {
      assertThat(e.sqlState()).isEqualTo("57014");
    }
  }

  private SluiceProcess start(int poolSize) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "transaction")
            .set("default_pool_size", poolSize));
  }

  private WireClient login(SluiceProcess sluice) throws Exception {
    return sluice.login("postgres", database.name());
  }
}
