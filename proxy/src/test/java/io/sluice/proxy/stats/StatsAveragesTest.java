package io.sluice.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatsAveragesTest {
  private static final long S = 1_000_000_000L;

  private final PoolCounters pool = new PoolCounters();
  private final StatsAverages averages = new StatsAverages(100 * S);

  private long queriesPerSecond(long nowNs) {
    return averages.of(List.of(pool), nowNs).get(Counter.QUERIES);
  }

  @Test
  void beginsAsIfATickHadBeenASecondAgo() {
    pool.queries = 50;

    assertThat(queriesPerSecond(100 * S)).isEqualTo(50);
    assertThat(queriesPerSecond(104 * S)).isEqualTo(10);
  }

  @Test
  void comparesWithTheTickBeforeTheLast() {
    pool.queries = 100;
    averages.roll(List.of(pool), 110 * S);
    pool.queries = 400;
    averages.roll(List.of(pool), 120 * S);
    pool.queries = 700;

    // Since second 110, when there had been 100.
    assertThat(queriesPerSecond(120 * S)).isEqualTo(60);
    assertThat(queriesPerSecond(130 * S)).isEqualTo(30);
  }

  @Test
  void forgetsPoolsThatAreGone() {
    pool.queries = 100;
    averages.roll(List.of(pool), 110 * S);
    averages.roll(List.of(), 120 * S);
    averages.roll(List.of(), 130 * S);

    // The same counters again count from zero, as those of a new pool do.
    assertThat(averages.recent(List.of(pool)).get(Counter.QUERIES)).isEqualTo(100);
  }

  @Test
  void addsPoolsUp() {
    PoolCounters other = new PoolCounters();
    pool.queries = 10;
    other.queries = 20;

    assertThat(averages.of(List.of(pool, other), 102 * S).get(Counter.QUERIES)).isEqualTo(10);
  }

  @Test
  void dividesTimesByWhatTheyBelongTo() {
    pool.transactions = 2;
    pool.transactionNs = 2_000_000;
    pool.queries = 4;
    pool.queryNs = 2_000_000;
    pool.serverAssignments = 5;
    pool.waitNs = 2_000_000;

    StatsSnapshot found = averages.of(List.of(pool), 100 * S);

    assertThat(found.get(Counter.TRANSACTION_TIME)).isEqualTo(1_000);
    assertThat(found.get(Counter.QUERY_TIME)).isEqualTo(500);
    assertThat(found.get(Counter.WAIT_TIME)).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(Counter.class)
  void isZeroWhereNothingHasHappened(Counter counter) {
    assertThat(averages.of(List.of(pool), 100 * S).get(counter)).isZero();
  }

  @Test
  void survivesPetabytesAndPeriodsWithoutLength() {
    pool.sentBytes = 8_000_000_000_000_000L;

    assertThat(averages.of(List.of(pool), 103 * S).get(Counter.SENT_BYTES))
        .isEqualTo(2_000_000_000_000_000L);
    assertThat(averages.of(List.of(pool), 99 * S).get(Counter.SENT_BYTES)).isZero();
  }

  @Test
  void printsTimesInMicroseconds() {
    pool.waitNs = 1_999;

    assertThat(Counter.WAIT_TIME.of(pool)).isEqualTo(1);
  }
}
