package io.sluice.proxy.stats;

/**
 * The counters of a pool in the order of SHOW STATS, and their names there.
 *
 * <p>Times are read in microseconds, the unit of SHOW.
 */
public enum Counter {
  /** Leases. */
  SERVER_ASSIGNMENTS("server_assignment_count"),
  /** Transactions begun. */
  TRANSACTIONS("xact_count"),
  /** Queries begun. */
  QUERIES("query_count"),
  /** Bytes from clients. */
  RECEIVED_BYTES("received"),
  /** Bytes from servers. */
  SENT_BYTES("sent"),
  /** Time in transactions. */
  TRANSACTION_TIME("xact_time"),
  /** Time in queries. */
  QUERY_TIME("query_time"),
  /** Time in the queue. */
  WAIT_TIME("wait_time"),
  /** Named Parse messages from clients. */
  CLIENT_PARSES("client_parse_count"),
  /** Parse messages to servers for named statements. */
  SERVER_PARSES("server_parse_count"),
  /** Bind messages with a named statement. */
  BINDS("bind_count"),
  /** Logins that succeeded. */
  CLIENT_LOGINS("client_login_count");

  private static final long NS_PER_US = 1_000;

  private final String word;

  Counter(String word) {
    this.word = word;
  }

  /** The name in SHOW STATS behind {@code total_}. */
  public String word() {
    return word;
  }

  /** Reads the counter; times in microseconds. */
  public long of(PoolCounters counters) {
    return switch (this) {
      case SERVER_ASSIGNMENTS -> counters.serverAssignments;
      case TRANSACTIONS -> counters.transactions;
      case QUERIES -> counters.queries;
      case RECEIVED_BYTES -> counters.receivedBytes;
      case SENT_BYTES -> counters.sentBytes;
      case TRANSACTION_TIME -> counters.transactionNs / NS_PER_US;
      case QUERY_TIME -> counters.queryNs / NS_PER_US;
      case WAIT_TIME -> counters.waitNs / NS_PER_US;
      case CLIENT_PARSES -> counters.clientParses;
      case SERVER_PARSES -> counters.serverParses;
      case BINDS -> counters.binds;
      case CLIENT_LOGINS -> counters.clientLogins;
    };
  }
}
