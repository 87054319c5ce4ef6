package io.sluice.proxy.pool;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/** Those who wait for a server of one lane, first come first served. Confined to the event loop. */
@HotPath
public final class WaitQueue {
  private @Nullable WaitTicket first;
  private @Nullable WaitTicket last;
  private int size;

  /** Appends a waiter. */
  public void add(WaitTicket ticket, long nowNs) {
    if (ticket.queue != null) {
      throw new IllegalStateException("waiter is queued already: " + ticket.waiter);
    }
    ticket.queue = this;
    ticket.begin(nowNs);
    ticket.previous = last;
    if (last == null) {
      first = ticket;
    } else {
      last.next = ticket;
    }
    last = ticket;
    size++;
  }

  /** Takes a waiter out, wherever it stands. */
  public void remove(WaitTicket ticket) {
    if (ticket.queue != this) {
      throw new IllegalStateException("waiter is not in this queue: " + ticket.waiter);
    }
    WaitTicket before = ticket.previous;
    WaitTicket after = ticket.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    ticket.previous = null;
    ticket.next = null;
    ticket.queue = null;
    size--;
  }

  /** The place of the one who has waited longest. */
  public @Nullable WaitTicket first() {
    return first;
  }

  /** The one who has waited longest. */
  public @Nullable Waiter firstWaiter() {
    return first == null ? null : first.waiter;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }
}
