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

/**
 * Statements whose state depends on answers that are still to come, and the statement without a
 * name, against a scripted PostgreSQL.
 */
class PipelinedStatementsTest {
  private static final byte[] PARSED = Wire.message('1');
  private static final byte[] BOUND = Wire.message('2');
  private static final byte[] CLOSED = Wire.message('3');
  private static final byte[] READY = Wire.ready('I');
  private static final byte[] FAILED = Wire.error("42601", "syntax");
  private static final String NAME_63 = "n".repeat(63);

  private static void prepare(Pair pair, String name, String sql) throws IOException {
    pair.client().send(Wire.parse(name, sql), Wire.sync());
    pair.server().readTo('S');
    pair.server().send(PARSED, READY);
    assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
  }

  private static void close(Pair pair) throws IOException {
    pair.client().close();
    pair.server().close();
  }

  @Test
  void waitsToSeeWhetherAStatementWasClosed() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_prepared_statements = 1")) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.parse("s2", "wrong"), Wire.sync(), Wire.bind("s1"), Wire.sync());
      assertThat(pair.server().typesTo('H')).isEqualTo("PCSH");
      pair.server().send(FAILED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      assertThat(pair.server().typesTo('S')).isEqualTo("BS");
      close(pair);
    }
  }

  @Test
  void preparesAnewWhatMayNotHaveBeenClosed() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_prepared_statements = 1")) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client()
          .send(Wire.parse("s2", "wrong"), Wire.sync(), Wire.parse("s3", "select 1"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("PCS");
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("CPCS");
      assertThat(sent.get(0).text()).isEqualTo("SPGBOUNCER_1\0");
      assertThat(sent.get(1).text()).startsWith("PGBOUNCER_1\0select 1\0");
      pair.server().send(FAILED, READY, CLOSED, PARSED, CLOSED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
      close(pair);
    }
  }

  @Test
  void waitsToSeeWhetherANameWasGiven() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.parse("s1", "wrong"), Wire.sync(), Wire.bind("s1"), Wire.sync());
      assertThat(pair.server().typesTo('H')).isEqualTo("PSH");
      pair.server().send(FAILED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(sent.get(0).text()).startsWith("\0s1\0");
      close(pair);
    }
  }

  @Test
  void keepsAServerWhoseClientLeavesOnceWhatItWaitedForIsThere() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client()
          .send(Wire.parse("s1", "right"), Wire.sync(), Wire.bind("s1"), Wire.message('X'));
      assertThat(pair.server().typesTo('H')).isEqualTo("PSH");
      pair.server().send(PARSED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
      assertThat(pair.server().typesTo('H')).isEqualTo("BH");
      pair.server().send(BOUND);
      assertThat(pair.server().typesTo('Q')).isEqualTo("Q");
      close(pair);
    }
  }

  @Test
  void waitsToSeeWhetherANameWasFreed() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client()
          .send(
              Wire.parse("", "wrong"), Wire.close("s1"), Wire.sync(), Wire.bind("s1"), Wire.sync());
      assertThat(pair.server().typesTo('H')).isEqualTo("PSH");
      pair.server().send(FAILED, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(sent.get(0).text()).startsWith("\0PGBOUNCER_1\0");
      close(pair);
    }
  }

  @Test
  void hasAKnownStatementRefusedInAFailedTransaction() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.query("begin; wrong"));
      pair.server().read();
      pair.server().send(FAILED, Wire.ready('E'));
      pair.client().readTo('Z');
      pair.client().send(Wire.parse("s2", "select 1"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("CPS");
      pair.server().send(CLOSED, Wire.error("25P02", "aborted"), Wire.ready('E'));
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      close(pair);
    }
  }

  @Test
  void answersAKnownParseBehindABeginInItsPlace() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.query("begin"), Wire.parse("s2", "select 1"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("QCPS");
      pair.server().send(Wire.complete("BEGIN"), Wire.ready('T'), CLOSED, PARSED, Wire.ready('T'));
      assertThat(pair.client().typesTo('Z')).isEqualTo("CZ");
      assertThat(pair.client().typesTo('Z')).isEqualTo("1Z");
      close(pair);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEALLOCATE ALL", "DISCARD ALL"})
  void keepsWhatWasPreparedBehindACommandThatDropsAll(String tag) throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "old", "select 0");
      pair.client().send(Wire.query(tag), Wire.parse("s1", "select 1"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("QPS");
      pair.server().send(Wire.complete(tag), READY, PARSED, READY);
      pair.client().readTo('Z');
      pair.client().readTo('Z');
      pair.client().send(Wire.bind("s1"), Wire.bind("old"), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("BBS");
      assertThat(sent.get(1).text()).startsWith("\0old\0");
      close(pair);
    }
  }

  @Test
  void looksAtAsMuchOfANameAsPostgresDoes() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, NAME_63 + "a", "select 1");
      pair.client().send(Wire.bind(NAME_63 + "b"), Wire.sync());
      assertThat(pair.server().readTo('S').get(0).text()).startsWith("\0PGBOUNCER_1\0");
      close(pair);
    }
  }

  @Test
  void asksForTheNewTextWhenANameIsTaken() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "s1", "select 1");
      pair.client().send(Wire.parse("s1", "wrong"), Wire.sync());
      assertThat(pair.server().readTo('S').get(0).text()).startsWith("PGBOUNCER_1\0wrong\0");
      close(pair);
    }
  }

  @Test
  void leavesItToPostgresToRefuseABrokenMessage() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.message('B', new byte[] {'p'}), Wire.message('D'), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("BDS");
      pair.server().send(Wire.error("08P01", "invalid string in message"), READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("EZ");
      close(pair);
    }
  }

  // ---- without a name

  @Test
  void keepsTheUnnamedStatementsOfTwoClientsApart() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      Peer other = proxy.login();
      prepare(pair, "", "select 'mine'");
      other.send(Wire.bind(""), Wire.sync());
      List<Peer.Message> sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("CBS");
      assertThat(sent.get(0).text()).isEqualTo("S\0");
      pair.server().send(CLOSED, Wire.error("26000", "does not exist"), READY);
      assertThat(other.typesTo('Z')).isEqualTo("EZ");
      pair.client().send(Wire.bind(""), Wire.sync());
      sent = pair.server().readTo('S');
      assertThat(Peer.types(sent)).isEqualTo("PBS");
      assertThat(sent.get(0).text()).startsWith("\0select 'mine'\0");
      pair.server().send(PARSED, BOUND, READY);
      assertThat(pair.client().typesTo('Z')).isEqualTo("2Z");
      other.close();
      close(pair);
    }
  }

  @Test
  void sendsTheUnnamedStatementNoSecondTimeToTheSameServer() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "", "select 1");
      pair.client().send(Wire.bind(""), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("BS");
      close(pair);
    }
  }

  @Test
  void hasNoUnnamedStatementAfterASimpleQuery() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      prepare(pair, "", "select 1");
      pair.client().send(Wire.query("select 2"));
      pair.server().read();
      pair.server().send(Wire.complete("SELECT 1"), READY);
      pair.client().readTo('Z');
      proxy.loseServer(pair.server());
      pair.client().send(Wire.bind(""), Wire.sync());
      Peer next = proxy.postgres().login();
      assertThat(next.typesTo('S')).isEqualTo("CBS");
      pair.client().close();
      next.close();
    }
  }

  @Test
  void givesAClaimUpThatPostgresHasSkipped() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      Peer other = proxy.login();
      prepare(pair, "", "select 'mine'");
      other.send(Wire.bind("unknown"), Wire.parse("", "select 2"), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("BPS");
      pair.server().send(Wire.error("26000", "does not exist"), READY);
      assertThat(other.typesTo('Z')).isEqualTo("EZ");
      other.send(Wire.bind(""), Wire.sync());
      assertThat(pair.server().typesTo('S')).isEqualTo("CBS");
      other.close();
      close(pair);
    }
  }
}
