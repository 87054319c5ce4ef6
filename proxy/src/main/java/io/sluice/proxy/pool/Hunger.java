package io.sluice.proxy.pool;

import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerMove;
import io.sluice.proxy.server.ServerState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How the lanes of one pool on several event loops come to their servers, when the pool is full: a
 * lane whose clients wait says so, and the others give it what they can spare.
 *
 * <p>A free server is given away at once. A lane whose own clients wait gives the server that has
 * become free to another lane, if somebody has waited there longer by more than {@link #BOUND_NS}.
 * So the order is exact within a lane, and exact over all lanes up to that bound; and where lanes
 * are loaded alike, nothing moves. What others read is thread-safe; the rest is confined to its
 * event loop.
 */
final class Hunger {
  /**
   * Shorter, and servers would go to and fro for nothing: a move costs about as much as a query.
   */
  static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(5);

  /** So often a lane tells the others at most: those that are busy look by themselves. */
  private static final long ASK_PAUSE_MS = 2;

  private final Pool pool;
  private final AtomicInteger wanted = new AtomicInteger();
  private volatile long sinceNs;
  private boolean asking;

  Hunger(Pool pool) {
    this.pool = pool;
  }

  // ---- the hungry lane

  /** Somebody waits here, and there may be no more servers. */
  void ask() {
    if (!pool.share().isDivided()) {
      return;
    }
    Lane lane = pool.lane();
    WaitTicket first = lane.guests().firstOfLane();
    if (first == null) {
      return;
    }
    sinceNs = first.sinceNs();
    wanted.set(lane.waiters().size() + lane.guests().size());
    if (!asking) {
      asking = true;
      for (Pool other : pool.share().pools()) {
        if (other != pool) {
          other.loop().execute(other.hunger()::feed);
        }
      }
      pool.loop().schedule(this::askAgain, ASK_PAUSE_MS);
    }
  }

  /** Who has begun to wait since the others were told has not been told of yet. */
  private void askAgain() {
    asking = false;
    if (isHungry()) {
      ask();
    }
  }

  /** Nobody waits here any more. */
  void sated() {
    if (wanted.get() != 0) {
      wanted.set(0);
    }
  }

  private boolean isHungry() {
    return wanted.get() > 0;
  }

  /** Promises one server; false when there is no need of it. */
  private boolean promise() {
    int now = wanted.get();
    while (now > 0) {
      if (wanted.compareAndSet(now, now - 1)) {
        return true;
      }
      now = wanted.get();
    }
    return false;
  }

  // ---- the giving lane

  /** Another lane has asked: gives it the servers that nobody needs here. */
  private void feed() {
    Lane lane = pool.lane();
    while (!pool.isRemoved() && !lane.isWaitedFor()) {
      Server spare = lane.servers(ServerState.IDLE).last();
      if (spare == null || !give(spare)) {
        return;
      }
    }
  }

  /**
   * Gives a server that has become free to a lane whose clients have waited longer than those here.
   *
   * @return false when the server stays
   */
  boolean give(Server server) {
    if (!pool.share().isDivided()) {
      return false;
    }
    Pool hungriest = hungriest();
    if (hungriest == null || server.isCloseNeeded() || !ServerMove.mayMove(server)) {
      return false;
    }
    if (!hungriest.hunger().promise()) {
      return false;
    }
    pool.lane().servers(server.state()).remove(server);
    ServerMove.begin(server, hungriest.loop(), moved -> hungriest.hunger().receive(moved));
    return true;
  }

  /** A server has come from another loop; its places are taken already. */
  private void receive(ServerMove moved) {
    Lane lane = pool.lane();
    Server server = pool.launcher().make(null);
    lane.add(server);
    moved.arrive(server);
    lane.move(server, ServerState.IDLE);
    if (pool.isRemoved() || pool.isPaused()) {
      server.close(ServerClose.PAUSED);
    } else if (moved.hasStatements()) {
      // Their names are those of the other loop.
      lane.reset(server, ResetTask.cure(lane, "DEALLOCATE ALL"));
    } else {
      lane.offer(server);
    }
  }

  private @Nullable Pool hungriest() {
    WaitTicket mine = pool.lane().guests().firstOfLane();
    long latestNs = mine == null ? Long.MAX_VALUE : mine.sinceNs() - BOUND_NS;
    Pool found = null;
    for (Pool other : pool.share().pools()) {
      if (other != pool && other.hunger().isHungry()) {
        long theirs = other.hunger().sinceNs;
        if (latestNs == Long.MAX_VALUE || theirs - latestNs < 0) {
          latestNs = theirs;
          found = other;
        }
      }
    }
    return found;
  }
}
