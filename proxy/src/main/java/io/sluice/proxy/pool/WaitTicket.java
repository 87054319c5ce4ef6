package io.sluice.proxy.pool;

import org.jspecify.annotations.Nullable;

/** A waiter's place in a queue: the node of the list. Confined to the event loop. */
public final class WaitTicket {
  final Waiter waiter;
  @Nullable WaitQueue queue;
  @Nullable WaitTicket next;
  @Nullable WaitTicket previous;
  private long sinceNs;
  private boolean notified;

  public WaitTicket(Waiter waiter) {
    this.waiter = waiter;
  }

  void begin(long nowNs) {
    sinceNs = nowNs;
    notified = false;
  }

  void setNotified() {
    notified = true;
  }

  /** Says whether the waiter was told that it waits. */
  boolean isNotified() {
    return notified;
  }

  /** Says whether the waiter is in a queue. */
  public boolean isQueued() {
    return queue != null;
  }

  /** When the waiter was queued. */
  public long sinceNs() {
    return sinceNs;
  }
}
