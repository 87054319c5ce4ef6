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
import io.sluice.demo.wire.WireTimeout;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code shared_listen}: LISTEN and NOTIFY where servers are shared. */
@ExtendWith(PostgresExtension.class)
class ListenIT {
  private static final String LISTENERS = "application_name = 'sluice: listen'";

  private EmbeddedPostgres postgres;
  private TestDatabase database;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceConfig config() {
    return SluiceConfig.before(postgres)
        .set("pool_mode", "transaction")
        .set("shared_listen", 1)
        .set("server_login_retry", 0)
        .set("default_pool_size", 1);
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    return sluice.login("postgres", database.name());
  }

  private void send(String channel, String payload) throws IOException {
    postgres.query(database.name(), "SELECT pg_notify('" + channel + "', '" + payload + "')");
  }

  /** {@code channel=payload} of the next notification, which nothing else may precede. */
  private static String next(WireClient client) throws IOException {
    WireMessage message = client.readMessage();
    assertThat(message.type()).describedAs("%s", message).isEqualTo('A');
    return text(message);
  }

  private static String text(WireMessage message) {
    return String.join("=", message.cstrsFrom(4).subList(0, 2));
  }

  @Test
  void tellsEverybodyWhoListensAndNobodyElse() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient one = login(sluice);
        WireClient two = login(sluice);
        WireClient deaf = login(sluice)) {
      assertThat(one.query("LISTEN a").tags()).containsExactly("LISTEN");
      two.query("LISTEN \"a\"; LISTEN B");
      assertThat(deaf.query("SELECT count(*) FROM pg_listening_channels()").number()).isZero();
      assertThat(database.connections(LISTENERS)).isEqualTo(1);

      send("a", "1");
      send("b", "2");
      deaf.query("NOTIFY a, '3'");

      assertThat(next(one)).isEqualTo("a=1");
      assertThat(next(one)).isEqualTo("a=3");
      assertThat(List.of(next(two), next(two), next(two))).containsExactly("a=1", "b=2", "a=3");
      assertThat(deaf.query("SELECT 7").number()).isEqualTo(7);
      assertThat(deaf.notifications()).isEmpty();
    }
  }

  /** The connection is looked after between a LISTEN and the end of its transaction. */
  @Test
  void listensOnceForTransactionsThatTakeLong() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient one = login(sluice);
        WireClient two = login(sluice)) {
      one.query("BEGIN; LISTEN a; SELECT pg_sleep(1)");
      one.query("COMMIT");
      two.query("LISTEN a");
      assertThat(database.connections(LISTENERS)).isEqualTo(1);

      postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + LISTENERS);

      for (WireClient client : List.of(one, two)) {
        assertThat(client.readMessage().type()).isEqualTo('N');
      }
      send("a", "1");
      assertThat(next(one)).isEqualTo("a=1");
      assertThat(next(two)).isEqualTo("a=1");
    }
  }

  @Test
  void keepsTheOrder() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = login(sluice)) {
      client.query("LISTEN a");
      postgres.query(
          database.name(), "SELECT pg_notify('a', i::text) FROM generate_series(1, 2000) i");

      for (int i = 1; i <= 2000; i++) {
        assertThat(next(client)).isEqualTo("a=" + i);
      }
    }
  }

  @Test
  void tellsABusyClientAtTheEndOfItsTransaction() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = login(sluice);
        WireClient witness = login(sluice)) {
      client.query("LISTEN a");
      witness.query("LISTEN a");
      client.query("BEGIN");
      send("a", "1");
      assertThat(next(witness)).isEqualTo("a=1");
      assertThat(client.query("SELECT 1").number()).isEqualTo(1);
      assertThat(client.notifications()).isEmpty();

      client.send(query("COMMIT"));

      assertThat(client.readUntil('Z').stream().map(WireMessage::type))
          .containsExactly('C', 'A', 'Z');
    }
  }

  @Test
  void takesEffectAtCommitAndOnlyThen() throws Exception {
    List<String> deaf =
        List.of(
            "BEGIN|LISTEN a|ROLLBACK",
            "BEGIN|LISTEN a|SELECT 1/0|COMMIT",
            "LISTEN a; SELECT 1/0",
            "LISTEN a|UNLISTEN a",
            "LISTEN a|UNLISTEN *",
            "LISTEN a|DISCARD ALL",
            "LISTEN a|BEGIN|UNLISTEN a|COMMIT",
            "LISTEN a|UNLISTEN \"A\"|UNLISTEN \"a\"");
    List<String> hearing =
        List.of(
            "BEGIN|LISTEN a|COMMIT",
            "BEGIN|SAVEPOINT s|SELECT 1/0|ROLLBACK TO s|LISTEN a|COMMIT",
            "LISTEN a|BEGIN|UNLISTEN a|ROLLBACK",
            "LISTEN a|BEGIN|UNLISTEN *|SELECT 1/0|COMMIT",
            "LISTEN b|UNLISTEN b|LISTEN a|LISTEN a",
            "UNLISTEN a; LISTEN a",
            "BEGIN|LISTEN a|COMMIT AND CHAIN|ROLLBACK");
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient witness = login(sluice)) {
      witness.query("LISTEN a");
      for (String statements : deaf) {
        assertThat(heard(sluice, witness, statements)).describedAs(statements).isEmpty();
      }
      for (String statements : hearing) {
        assertThat(heard(sluice, witness, statements))
            .describedAs(statements)
            .containsExactly("a=1");
      }
    }
  }

  private List<String> heard(SluiceProcess sluice, WireClient witness, String statements)
      throws Exception {
    try (WireClient client = login(sluice)) {
      for (String statement : statements.split("\\|")) {
        client.send(query(statement));
        client.readUntil('Z');
      }
      send("a", "1");
      assertThat(next(witness)).isEqualTo("a=1");
      // Both are told in the same turn.
      client.query("SELECT 1");
      return client.notifications().stream().map(ListenIT::text).toList();
    }
  }

  @Test
  void listensWithPreparedStatementsAndInPipelines() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = login(sluice)) {
      client.send(
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync(),
          parse("s", "LISTEN a"),
          sync(),
          bind("", "s"),
          execute("", 0),
          sync(),
          query("SELECT 2"),
          query("LISTEN b"),
          query("SELECT 3"));
      List<Character> types = new ArrayList<>();
      while (types.stream().filter(type -> type == 'Z').count() < 6) {
        types.add(client.readMessage().type());
      }
      assertThat(types)
          .containsExactly(
              '1', '2', 'D', 'C', 'Z', '1', 'Z', '2', 'C', 'Z', 'T', 'D', 'C', 'Z', 'C', 'Z', 'T',
              'D', 'C', 'Z');

      send("a", "1");
      send("b", "2");

      assertThat(List.of(next(client), next(client))).containsExactly("a=1", "b=2");
      client.query("DISCARD ALL");
      client.send(parse("s", "LISTEN a"), bind("", "s"), execute("", 0), sync());
      client.readUntil('Z');
      send("b", "3");
      send("a", "4");
      assertThat(next(client)).isEqualTo("a=4");
    }
  }

  @Test
  void comesBackAndSaysSo() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient client = login(sluice)) {
      client.query("LISTEN a");

      postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + LISTENERS);

      WireMessage notice = client.readMessage();
      assertThat(notice.type()).isEqualTo('N');
      assertThat(notice.fields()).containsEntry('C', "01000");
      send("a", "1");
      assertThat(next(client)).isEqualTo("a=1");
      assertThat(sluice.log().matching("listens again, after a gap of [0-9]+ ms")).hasSize(1);
    }
  }

  @Test
  void disconnectsWhoDoesNotReadAndHarmsNobody() throws Exception {
    String payload = "x".repeat(7000);
    try (SluiceProcess sluice = SluiceProcess.start(config().set("listen_queue_size", 100_000));
        WireClient slow = login(sluice);
        WireClient busy = login(sluice);
        WireClient quick = login(sluice)) {
      for (WireClient client : List.of(slow, busy, quick)) {
        client.query("LISTEN a");
      }
      busy.query("BEGIN");
      int sent = 2000;
      List<Integer> rounds = IntStream.range(0, sent / 100).boxed().toList();
      for (int round : rounds) {
        postgres.query(
            database.name(),
            "SELECT pg_notify('a', i || '" + payload + "') FROM generate_series(1, 100) i");
        for (int i = 1; i <= 100; i++) {
          assertThat(next(quick)).describedAs("round %d", round).startsWith("a=" + i + "x");
        }
      }

      assertThat(overflow(busy)).contains("listen_queue_size");
      slow.expectClosed();
      assertThat(sluice.log().matching("too many notifications")).hasSizeGreaterThanOrEqualTo(2);
      assertThat(quick.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  private static String overflow(WireClient client) throws IOException {
    List<WireMessage> seen = client.expectClosed();
    return seen.get(seen.size() - 1).toString();
  }

  @Test
  void letsGoWhenNobodyListens() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config());
        WireClient console = sluice.console()) {
      try (WireClient client = login(sluice)) {
        client.query("LISTEN a");
        console.query("PAUSE " + database.name());
        database.awaitConnections(0);
        console.query("RESUME " + database.name());
        assertThat(client.readMessage().type()).isEqualTo('N');
        send("a", "1");
        assertThat(next(client)).isEqualTo("a=1");
      }
      Eventually.await("nobody listens", () -> database.connections(LISTENERS) == 0);
    }
  }

  @Test
  void leavesItToTheServersWhenItIsOff() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config().set("shared_listen", 0));
        WireClient client = login(sluice)) {
      client.query("LISTEN a");
      send("a", "1");
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> client.readMessage(Duration.ofMillis(300)))
          .isInstanceOf(WireTimeout.class);
      assertThat(database.connections(LISTENERS)).isZero();
    }
  }
}
