package io.sluice.proxy.pool;

import io.sluice.proxy.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * One cancel request on its way: from the client that sent it to the server that runs the query.
 * Confined to the event loop.
 */
public final class CancelOrder {
  private final Pool pool;
  private final Runnable ended;
  private final long sinceNs;
  private @Nullable Server victim;
  private @Nullable Server carrier;
  private boolean sent;
  private boolean over;

  CancelOrder(Pool pool, Server victim, Runnable ended, long sinceNs) {
    this.pool = pool;
    this.victim = victim;
    this.ended = ended;
    this.sinceNs = sinceNs;
  }

  void carriedBy(Server server) {
    carrier = server;
  }

  void markSent() {
    sent = true;
  }

  /** The victim was released before the request was sent: it must not be sent any more. */
  void detach() {
    victim = null;
  }

  /** Ends the order, once: the connection that brought it is closed. */
  void end() {
    if (!over) {
      over = true;
      ended.run();
    }
  }

  public Pool pool() {
    return pool;
  }

  @Nullable Server victim() {
    return victim;
  }

  @Nullable Server carrier() {
    return carrier;
  }

  /** Says whether PostgreSQL has been sent the request. */
  public boolean isSent() {
    return sent;
  }

  boolean isOver() {
    return over;
  }

  long sinceNs() {
    return sinceNs;
  }
}
