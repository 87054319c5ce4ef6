package io.sluice.proxy.pool;

import io.sluice.proxy.catalog.OutsidePasswords;
import io.sluice.proxy.catalog.Quotas;
import io.sluice.proxy.catalog.SharedTable;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.tls.Tls;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the pools of all event loops have in common. Thread-safe. */
public final class Commons {
  private final int loopCount;
  private final Quotas quotas = new Quotas();
  private final SharedTable<PoolKey, PoolShare> shares = new SharedTable<>(key -> new PoolShare());
  private final List<Pools> loops = new CopyOnWriteArrayList<>();
  private final AtomicInteger starving = new AtomicInteger();
  private final AtomicLong lastId = new AtomicLong();
  private final AtomicLong lastStatement = new AtomicLong();
  private final Tls tls = new Tls();
  private final OutsidePasswords passwords = new OutsidePasswords();

  /** Makes it for so many loops. */
  public Commons(int loopCount) {
    this.loopCount = loopCount;
  }

  /** The pools of one more loop. */
  void join(Pools pools) {
    loops.add(pools);
  }

  /** A number for a new client or server: unique in the life of the process. */
  long nextId() {
    return lastId.incrementAndGet();
  }

  /** The registry of statements of one more loop: servers may get those of more than one. */
  StatementCache openStatements() {
    return new StatementCache(
        StatementCache.mostBytes() / loopCount, lastStatement::incrementAndGet);
  }

  /**
   * The share of a pool. What listens for the clients of a loop is that loop's alone: it keeps its
   * server for ever.
   */
  PoolShare share(PoolKey key) {
    return key.use() == PoolUse.LISTENING ? new PoolShare() : shares.get(key);
  }

  /** The counts of databases and users. */
  public Quotas quotas() {
    return quotas;
  }

  /** The TLS contexts in force, of both sides. */
  public Tls tls() {
    return tls;
  }

  /** Passwords of databases that are kept outside the configuration. */
  OutsidePasswords passwords() {
    return passwords;
  }

  // ---- places under limits that pools share

  /** Says whether there is more than one loop. */
  boolean isDivided() {
    return loopCount > 1;
  }

  /** A loop begins, or ends, to wait for a place under a limit that pools share. */
  void starves(boolean begins) {
    starving.addAndGet(begins ? 1 : -1);
  }

  /** A place has become free on one loop: others may have waited for it. */
  void placeFreed(Pools where) {
    if (starving.get() > 0) {
      for (Pools other : loops) {
        if (other != where) {
          other.loop().execute(other::serveStarved);
        }
      }
    }
  }

  /** A loop has no server that it could close to make room for a pool: others may have one. */
  void askToSpare(Pools asker, PoolKey key) {
    for (Pools other : loops) {
      if (other != asker) {
        other.loop().execute(() -> other.spare(key));
      }
    }
  }
}
