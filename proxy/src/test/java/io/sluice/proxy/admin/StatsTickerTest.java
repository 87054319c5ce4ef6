package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsSnapshot;
import org.junit.jupiter.api.Test;

class StatsTickerTest {
  @Test
  void writesTheLineThatToolsLookFor() {
    PoolCounters counters = new PoolCounters();
    counters.serverAssignments = 2;
    counters.transactions = 20;
    counters.queries = 30;
    counters.receivedBytes = 4_000;
    counters.sentBytes = 50_000;
    counters.transactionNs = 20 * 7_000L;
    counters.queryNs = 30 * 6_000L;
    counters.waitNs = 2 * 5_000L;
    counters.clientParses = 60;
    counters.serverParses = 70;
    counters.binds = 80;
    counters.clientLogins = 90;

    assertThat(StatsTicker.line(StatsSnapshot.of(counters).averages(10_000_000)))
        .isEqualTo(
            "stats: 2 xacts/s, 3 queries/s, 6 client parses/s, 7 server parses/s, 8 binds/s, "
                + "9 client logins/s, in 400 B/s, out 5000 B/s, xact 7 us, query 6 us, wait 5 us");
  }
}
