package io.sluice.proxy.pool;

import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerState;
import org.jspecify.annotations.Nullable;

/**
 * Those of one lane who wait for a server of their own, first come first served. Confined to its
 * event loop.
 */
public final class GuestQueue {
  private final Lane lane;
  private final WaitQueue queue = new WaitQueue();

  GuestQueue(Lane lane) {
    this.lane = lane;
  }

  /** Appends a waiter that has a {@link Waiter#guest}; also again, when its server was not made. */
  public void add(Waiter guest) {
    queue.add(guest.ticket(), lane.pool().loop().nowNs());
  }

  /** Launches a server for each, while there may be one more. */
  void serve() {
    for (Waiter first = queue.firstWaiter(); first != null; first = queue.firstWaiter()) {
      Guest guest = first.guest();
      if (guest == null || !lane.pool().launchFor(first, guest)) {
        return;
      }
    }
  }

  /**
   * Closes a free server for a guest, unless somebody else has waited longer for it.
   *
   * @return false when there is none
   */
  boolean makeRoomFor(Waiter guest) {
    WaitTicket shared = lane.waiters().first();
    if (shared != null && shared.sinceNs() <= guest.ticket().sinceNs()) {
      return false;
    }
    Server server = lane.servers(ServerState.IDLE).last();
    if (server == null) {
      server = lane.servers(ServerState.USED).last();
    }
    if (server == null) {
      return false;
    }
    server.close(ServerClose.EVICTED);
    return true;
  }

  /** The place of the one of the lane who has waited longest, for whatever server. */
  @Nullable WaitTicket firstOfLane() {
    WaitTicket shared = lane.waiters().first();
    WaitTicket own = queue.first();
    if (shared == null || own == null) {
      return shared == null ? own : shared;
    }
    return shared.sinceNs() <= own.sinceNs() ? shared : own;
  }

  /** The queue itself. */
  WaitQueue queue() {
    return queue;
  }

  public boolean isEmpty() {
    return queue.isEmpty();
  }

  public int size() {
    return queue.size();
  }
}
