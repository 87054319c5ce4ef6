package io.sluice.proxy.client;

import io.sluice.proxy.HotPath;
import io.sluice.proxy.stats.PoolCounters;

/**
 * When a client's query and its transaction began, on the loop's clock; 0 when there is none.
 * Counts both into the statistics of its pool. Confined to the event loop.
 */
@HotPath
final class QueryClock {
  private long queryStartNs;
  private long transactionStartNs;

  /** A query begins, and with it a transaction unless one is going on. */
  void start(long nowNs, PoolCounters counters) {
    queryStartNs = nowNs;
    counters.queries++;
    if (transactionStartNs == 0) {
      transactionStartNs = nowNs;
      counters.transactions++;
    }
  }

  /**
   * All that was asked is answered.
   *
   * @param idle whether that has also ended the transaction
   */
  void settle(long nowNs, PoolCounters counters, boolean idle) {
    if (queryStartNs != 0) {
      counters.queryNs += nowNs - queryStartNs;
      queryStartNs = 0;
    }
    if (idle && transactionStartNs != 0) {
      counters.transactionNs += nowNs - transactionStartNs;
      transactionStartNs = 0;
    }
  }

  boolean isInQuery() {
    return queryStartNs != 0;
  }

  long queryStartNs() {
    return queryStartNs;
  }

  long transactionStartNs() {
    return transactionStartNs;
  }
}
