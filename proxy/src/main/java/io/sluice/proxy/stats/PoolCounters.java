package io.sluice.proxy.stats;

/**
 * What one pool has done since it was made: plain numbers, written by one event loop only.
 *
 * <p>Times are in nanoseconds here and in microseconds in SHOW.
 */
public final class PoolCounters {
  /** Leases: a client was given a server. */
  public long serverAssignments;

  /** Transactions begun. */
  public long transactions;

  /** Queries begun; a pipeline counts once. */
  public long queries;

  /** Bytes from clients, after login. */
  public long receivedBytes;

  /** Bytes from servers. */
  public long sentBytes;

  /** From the first message of a transaction to ReadyForQuery idle. */
  public long transactionNs;

  /** From the first message of a query to ReadyForQuery with nothing outstanding. */
  public long queryNs;

  /** In the queue. */
  public long waitNs;

  /** Named Parse messages from clients. */
  public long clientParses;

  /** Parse messages to servers for named statements. */
  public long serverParses;

  /** Bind messages with a named statement. */
  public long binds;

  /** Statements that left state in the session, by the place of its kind. */
  public final long[] sessionStates = new long[8];

  /** Logins that succeeded. */
  public long clientLogins;
}
