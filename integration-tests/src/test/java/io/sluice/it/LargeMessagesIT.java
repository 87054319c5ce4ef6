package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages far larger than any buffer, through the launcher's own heap of 256 MB. */
@ExtendWith(PostgresExtension.class)
class LargeMessagesIT {
  private static final int LENGTH = 50_000_000;

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  @Test
  void deliversARowOf50Megabytes() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      String value = client.query("SELECT repeat('x', " + LENGTH + ")").value();

      assertThat(String.valueOf(value).length()).isEqualTo(LENGTH);
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  @Test
  void deliversAQueryOf50Megabytes() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      assertThat(client.query("SELECT length('" + "x".repeat(LENGTH) + "')").number())
          .isEqualTo(LENGTH);
    }
  }

  @Test
  void deliversAParameterOf50Megabytes() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      client.send(
          parse("named", "SELECT length($1::text)"),
          bind("", "named", "x".repeat(LENGTH)),
          execute("", 0),
          sync());

      assertThat(client.readResult().number()).isEqualTo(LENGTH);
    }
  }

  /** Eight times what the heap could hold if it waited for slow readers. */
  @Test
  void holdsPostgresBackWhenClientsDoNotRead() throws Exception {
    List<WireClient> clients = new ArrayList<>();
    try (SluiceProcess sluice = start()) {
      for (int i = 0; i < 8; i++) {
        WireClient client = login(sluice);
        clients.add(client);
        client.send(query("SELECT repeat('x', 1000000) FROM generate_series(1, 250)"));
      }
      try (WireClient other = login(sluice)) {
        for (int i = 0; i < 100; i++) {
          assertThat(other.query("SELECT 7").number()).isEqualTo(7);
        }
      }
      assertThat(rows(clients.get(0))).isEqualTo(250);
      for (WireClient client : clients) {
        client.abort();
      }
      Eventually.await("no query is left", () -> database.connections("state <> 'idle'") == 0);
    }
  }

  @Test
  void answersALongPipelineInItsOrder() throws Exception {
    try (SluiceProcess sluice = start();
        WireClient client = login(sluice)) {
      int count = 2000;
      List<byte[]> packets = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        packets.add(parse("", "SELECT " + i));
        packets.add(bind("", ""));
        packets.add(execute("", 0));
        packets.add(sync());
      }

      client.send(packets.toArray(byte[][]::new));

      for (int i = 0; i < count; i++) {
        assertThat(client.readResult().number()).isEqualTo(i);
      }
    }
  }

  private static int rows(WireClient client) throws Exception {
    int count = 0;
    WireMessage message;
    do {
      message = client.readMessage();
      count += message.type() == 'D' ? 1 : 0;
    } while (message.type() != 'Z');
    return count;
  }

  private SluiceProcess start() throws Exception {
    return SluiceProcess.start(SluiceConfig.before(postgres).set("pool_mode", "transaction"));
  }

  private WireClient login(SluiceProcess sluice) throws Exception {
    return sluice.login("postgres", database.name());
  }
}
