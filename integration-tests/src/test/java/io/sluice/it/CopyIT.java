package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.copyData;
import static io.sluice.demo.wire.FrontendMessages.copyDone;
import static io.sluice.demo.wire.FrontendMessages.copyFail;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** COPY in both directions over one server in transaction mode. */
@ExtendWith(PostgresExtension.class)
class CopyIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createTable(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
    shared.query(database.name(), "CREATE TABLE t (n int)");
  }

  @Test
  void copiesInAndKeepsTheServerMeanwhile() throws Exception {
    try (SluiceProcess sluice = start();
        PoolCounts pools = PoolCounts.of(sluice, database.name());
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      beginCopy(client);
      client.send(copyData("1\n2\n"));
      other.send(query("SELECT count(*) FROM t"));
      pools.await("cl_waiting", 1);

      client.send(copyData("3\n"), copyDone());

      assertThat(client.readResult().tags()).containsExactly("COPY 3");
      assertThat(other.readResult().number()).isEqualTo(3);
    }
  }

  @Test
  void copiesOut() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      client.send(query("COPY (SELECT generate_series(1, 100000)) TO STDOUT"));

      List<WireMessage> messages = client.readUntil('Z');

      assertThat(messages.get(0).type()).isEqualTo('H');
      assertThat(messages.stream().filter(message -> message.type() == 'd')).hasSize(100_000);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void givesTheServerBackAfterTheClientFailedTheCopy() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      beginCopy(client);
      client.send(copyData("1\n"), copyFail("thought again"));

      assertThatThrownBy(client::readResult)
          .hasMessageContaining("thought again")
          .hasMessageContaining("(57014)");

      assertThat(other.query("SELECT count(*) FROM t").number()).isZero();
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void servesOthersAfterPostgresFailedTheCopyAndTheClientStillSends() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      beginCopy(client);
      client.send(copyData("not a number\n"));

      assertThatThrownBy(client::readResult).hasMessageContaining("(22P02)");

      for (int i = 0; i < 100; i++) {
        client.send(copyData("5\n".repeat(1000)));
      }
      client.send(copyDone());
      assertThat(other.query("SELECT count(*) FROM t").number()).isZero();
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
      assertThat(database.connections()).isEqualTo(1);
    }
  }

  @Test
  void survivesASyncAmongTheData() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      beginCopy(client);
      client.send(copyData("1\n"), sync(), copyData("2\n"), copyDone());

      assertThat(client.readResult().tags()).containsExactly("COPY 2");

      assertThat(other.query("SELECT count(*) FROM t").number()).isEqualTo(2);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  /** The Sync after Execute is one among the data; the one after CopyDone is answered. */
  @Test
  void copiesInByTheExtendedProtocolAsLibpqDoes() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice);
        WireClient other = login(sluice)) {
      client.send(parse("", "COPY t FROM STDIN"), bind("", ""), execute("", 0), sync());
      client.readUntil('G');

      client.send(copyData("1\n"), copyData("2\n"), copyDone(), sync());

      assertThat(client.readResult().tags()).containsExactly("COPY 2");
      assertThat(other.query("SELECT count(*) FROM t").number()).isEqualTo(2);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void discardsCopyDataOutsideOfACopy() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      client.query("SELECT 1");
      client.send(copyData("1\n"), copyDone());

      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
      assertThat(client.query("SELECT count(*) FROM t").number()).isZero();
    }
  }

  private static void beginCopy(WireClient client) throws Exception {
    client.send(query("COPY t FROM STDIN"));
    assertThat(client.readMessage().type()).isEqualTo('G');
  }

  private SluiceProcess start() throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres).set("pool_mode", "transaction").set("default_pool_size", 1));
  }

  private WireClient login(SluiceProcess sluice) throws Exception {
    return sluice.login("postgres", database.name());
  }
}
