package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Named prepared statements where servers change, against a scripted PostgreSQL. */
class ExtendedQueryTest {
  private static final int CLOSES = 150_000;
  private static final byte[] PARSED = Wire.message('1');
  private static final byte[] BOUND = Wire.message('2');
  private static final byte[] CLOSED = Wire.message('3');
  private static final byte[] READY = Wire.ready('I');

  private static String name(Peer.Message message) {
    String text = message.text();
    int start = message.type() == 'B' || message.type() == 'C' || message.type() == 'D' ? 1 : 0;
    return text.substring(start, text.indexOf('\0', start));
  }

  /** Prepares a statement that no server has. */
  private static String prepare(Pair pair, String name, String sql) throws IOException {
    pair.client().send(Wire.parse(name, sql), Wire.sync());
    Peer.Message parse = pair.server().read();
    pair.server().readTo('S');
    pair.server().send(PARSED, READY);
    assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
    return name(parse);
  }

  @Test
  void preparesTheSameTextOnceForTwoClients() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      assertThat(prepare(pair, "s1", "select 1")).isEqualTo("PGBOUNCER_1");
      Peer other = proxy.login();
      other.send(Wire.parse("x", "select 1"), Wire.bind("x"), Wire.execute(), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("BES");
      assertThat(name(sent.get(0))).isEqualTo("PGBOUNCER_1");
      pair.server().send(BOUND, Wire.complete("SELECT 1"), READY);
      assertThat(other.typesTo('Z')).isEqualTo("12CZ");
      other.close();
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void answersAKnownParseInItsPlaceInAPipeline() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client()
          .send(
              Wire.parse("", "select 2"),
              Wire.parse("again", "select 1"),
              Wire.close("again"),
              Wire.bind(""),
              Wire.execute(),
              Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("PBES");
      pair.server().send(PARSED);
      assertThat(pair.client().types(3)).isEqualTo("113");
      pair.server().send(BOUND, Wire.complete("SELECT 1"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("2CZ");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void preparesOnANewServerWhatTheClientHasPreparedOnAnother() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      proxy.loseServer(pair.server());
      pair.client().send(Wire.bind("s1"), Wire.execute(), Wire.sync());
      Peer next = proxy.postgres().login();
      List<Peer.Message> sent = next.readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("PBES");
      assertThat(sent.get(0).text()).startsWith("PGBOUNCER_1\0select 1\0");
      next.send(PARSED, BOUND, Wire.complete("SELECT 1"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("2CZ");
      pair.client().close();
      next.close();
    }
  }

  @Test
  void forwardsTheErrorOfAStatementThatItPrepared() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      proxy.loseServer(pair.server());
      pair.client().send(Wire.bind("s1"), Wire.execute(), Wire.sync());
      Peer next = proxy.postgres().login();
      next.readTo('S');
      next.send(Wire.error("42P01", "no table"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      pair.client().send(Wire.bind("s1"), Wire.sync());
      assertThat(next.typesTo('S')).isEqualTo("PBS");
      pair.client().close();
      next.close();
    }
  }

  @Test
  void freesTheNameOfAParseThatFailed() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.parse("s1", "wrong"), Wire.bind("s1"), Wire.sync());
      pair.server().readTo('S');
      pair.server().send(Wire.error("42601", "syntax"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      prepare(pair, "s1", "select 1");
      assertThat(proxy.<Integer>onLoop(() -> proxy.proxy().pools().statements().count())).isOne();
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void keepsANameWhoseCloseWasSkipped() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.parse("", "wrong"), Wire.close("s1"), Wire.sync());
      pair.server().readTo('S');
      pair.server().send(Wire.error("42601", "syntax"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      pair.client().send(Wire.bind("s1"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("BS");
      assertThat(name(sent.get(0))).isEqualTo("PGBOUNCER_1");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void closesTheOldestStatementWhenAServerMayHaveOne() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_prepared_statements = 1")) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.parse("s2", "select 2"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("PCS");
      assertThat(sent.get(1).text()).isEqualTo("SPGBOUNCER_1\0");
      pair.server().send(PARSED, CLOSED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
      pair.client().send(Wire.bind("s1"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("PCBS");
      pair.server().send(PARSED, CLOSED, BOUND, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("2Z");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void hasOneMoreStatementThanAClientMayHaveFailInItsPlace() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_client_prepared_statements = 1")) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.bind("s1"), Wire.parse("s2", "select 2"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("BPS");
      assertThat(sent.get(1).text()).contains("max_client_prepared_statements").contains("::");
      pair.server().send(BOUND, Wire.error("22P02", "too many"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("2EZ");
      pair.client().send(Wire.close("s1"), Wire.sync());
      pair.server().readTo('S');
      pair.server().send(READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("3Z");
      assertThat(prepare(pair, "s2", "select 2")).isEqualTo("PGBOUNCER_2");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void closesTheLeastRecentlyUsedOfTwo() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_prepared_statements = 2")) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      prepare(pair, "s2", "select 2");
      pair.client().send(Wire.bind("s1"), Wire.sync());
      pair.server().readTo('S');
      pair.server().send(BOUND, READY);
      pair.client().readTo('Z');
      pair.client().send(Wire.parse("s3", "select 3"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("PCS");
      assertThat(sent.get(1).text()).isEqualTo("SPGBOUNCER_2\0");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void keepsAsManyStatementsAsTheDefaultAllows() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      for (int i = 1; i <= 200; i++) {
        prepare(pair, "s" + i, "select " + i);
      }
      pair.client().send(Wire.parse("more", "select 0"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("PCS");
      pair.client().close();
      pair.server().close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEALLOCATE ALL", "DISCARD ALL"})
  void forgetsEverythingWhenTheServerDoes(String tag) throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.query(tag));
      pair.server().read();
      pair.server().send(Wire.complete(tag), READY);
      pair.client().readTo('Z');
      assertThat(proxy.<Integer>onLoop(() -> proxy.proxy().pools().statements().count())).isZero();
      prepare(pair, "s1", "select 1");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void letsPostgresRefuseANameThatIsTaken() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      String name = prepare(pair, "s1", "select 1");
      pair.client().send(Wire.parse("s1", "select 2"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("PS");
      assertThat(name(sent.get(0))).isEqualTo(name);
      pair.server().send(Wire.error("42P05", "already exists"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void answersACloseWithoutAServer() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.close("s1"), Wire.close("unknown"));
      assertThat(pair.client().types(2)).isEqualTo("33");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void streamsTheRestOfALongBind() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      byte[] value = new byte[3_000_000];
      byte[] bind = Wire.message('B', Wire.cstr("p"), Wire.cstr("s1"), value);
      Peer client = pair.client();
      new Thread(() -> sendQuietly(client, bind, Wire.sync())).start();
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("BS");
      assertThat(sent.get(0).text()).hasSize(3_000_000 + "p|PGBOUNCER_1|".length());
      pair.client().close();
      pair.server().close();
    }
  }

  static void sendQuietly(Peer peer, byte[]... parts) {
    try {
      peer.send(parts);
    } catch (IOException ended) {
      // The test sees it from the other side.
      return;
    }
  }

  @Test
  void leavesNamesAloneInSessionMode() throws IOException {
    try (RunningProxy proxy = new RunningProxy("pool_mode = session")) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.parse("s1", "select 1"), Wire.sync());
      assertThat(name(pair.server().read())).isEqualTo("s1");
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void stopsReadingAClientThatAddsAnswersOfOursWithoutEnd() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      Peer client = pair.client();
      client.send(Wire.query("select pg_sleep(1000)"));
      pair.server().read();
      byte[] close = Wire.close("x");
      byte[] flood = new byte[CLOSES * close.length];
      for (int i = 0; i < flood.length; i += close.length) {
        System.arraycopy(close, 0, flood, i, close.length);
      }
      new Thread(() -> sendQuietly(client, flood)).start();
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (isRead(proxy) && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(isRead(proxy)).isFalse();
      int outstanding =
          proxy.onLoop(
              () -> {
                Client first = proxy.proxy().clients().first();
                return first == null || first.server() == null
                    ? -1
                    : first.server().requests().count();
              });
      assertThat(outstanding).isBetween(65_536, 80_000);
      assertThat(pair.server().read().type()).isEqualTo('H');
      pair.server().send(Wire.complete("SELECT 1"), READY);
      client.readTo('Z');
      // One assertion for all: there are many.
      assertThat(client.types(CLOSES)).matches("3*");
      client.close();
      pair.server().close();
    }
  }

  private static boolean isRead(RunningProxy proxy) {
    return proxy.onLoop(
        () -> {
          Client first = proxy.proxy().clients().first();
          return first != null && first.connection().isReading();
        });
  }
}
