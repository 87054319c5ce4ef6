package io.sluice.proxy.pool;

import io.sluice.protocol.CancelKey;
import io.sluice.proxy.net.PgConnection;
import org.jspecify.annotations.Nullable;

/**
 * One cancel request on its way to the peer that has given its key. Confined to the event loop.
 *
 * <pre>
 *   waiting ─→ connecting ─→ sent ─→ over
 * </pre>
 */
public final class PeerOrder {
  private final PeerQueue queue;
  private final CancelKey key;
  private final Runnable ended;
  private final long sinceNs;
  private @Nullable PgConnection connection;
  private boolean sent;
  private boolean over;

  PeerOrder(PeerQueue queue, CancelKey key, Runnable ended, long sinceNs) {
    this.queue = queue;
    this.key = key;
    this.ended = ended;
    this.sinceNs = sinceNs;
  }

  /** There is a connection, over which the request can be sent soon. */
  void carriedBy(PgConnection made) {
    connection = made;
  }

  /** The peer gets the request now. */
  void setSent() {
    sent = true;
  }

  /**
   * Ends the order, once: the connection that brought it is closed, and the one that carried it.
   */
  void end() {
    if (over) {
      return;
    }
    over = true;
    PgConnection made = connection;
    if (made != null) {
      made.close();
    }
    ended.run();
  }

  /** Where it waits, or is counted. */
  PeerQueue queue() {
    return queue;
  }

  CancelKey key() {
    return key;
  }

  long sinceNs() {
    return sinceNs;
  }

  /** Says whether the peer has been sent the request. */
  public boolean isSent() {
    return sent;
  }

  boolean isOver() {
    return over;
  }
}
