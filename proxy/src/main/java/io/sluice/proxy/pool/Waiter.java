package io.sluice.proxy.pool;

import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.ReplySink;
import io.sluice.proxy.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * Whoever waits for a server, and holds it then: a client. What only a client has, such as queries
 * that are timed, is nothing by default.
 */
public interface Waiter extends ReplySink {
  /** A server is the waiter's; it was taken out of the queue. */
  void leased(Server server);

  /** The server has been taken back: the transaction is over. */
  void serverReleased();

  /** The pool knows what to tell clients at login; the waiter was taken out of the queue. */
  default void welcomed() {}

  /** The waiter is turned away; it was taken out of the queue. */
  void refused(Refusal refusal);

  /** The waiter has waited for query_wait_notify. */
  default void stillWaiting() {}

  /** The waiter's place. */
  WaitTicket ticket();

  /** What the waiter is, where it needs a server of its own; null where a pooled one will do. */
  default @Nullable Guest guest() {
    return null;
  }

  /** Says whether only the welcome is waited for, not a server. */
  boolean wantsWelcomeOnly();

  /** When the current query began, or the last bytes came if there is none. */
  long requestedNs();

  /** When the current query's first message came; 0 when none runs. */
  default long queryStartNs() {
    return 0;
  }

  /** When the current transaction's first message came; 0 when none runs. */
  default long transactionStartNs() {
    return 0;
  }

  /** The waiter's own query_wait_timeout in nanoseconds; 0 for none. */
  default long queryWaitTimeoutNs() {
    return 0;
  }
}
