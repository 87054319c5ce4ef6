package io.sluice.proxy.pool;

import io.sluice.proxy.catalog.Quota;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What one pair of database and user has in common on all event loops: each loop that serves it has
 * a {@link Pool} of its own, with a lane, and {@code pool_size} counts the servers of all.
 * Thread-safe.
 */
final class PoolShare {
  private final Quota servers = new Quota();
  private final Quota connected = new Quota();
  private final List<Pool> pools = new CopyOnWriteArrayList<>();
  private volatile @Nullable Welcome welcome;

  /** A loop serves the pool from now on. */
  void join(Pool pool) {
    pools.add(pool);
  }

  /** A loop serves the pool no longer. */
  void leave(Pool pool) {
    pools.remove(pool);
    if (pools.isEmpty()) {
      // Who opens the pool anew may find another PostgreSQL.
      welcome = null;
    }
  }

  /** The pool on all loops that serve it. */
  List<Pool> pools() {
    return pools;
  }

  /** Says whether more than one loop serves the pool. */
  boolean isDivided() {
    return pools.size() > 1;
  }

  /** All servers, also those that are being made. */
  Quota servers() {
    return servers;
  }

  /** Servers that are logged in. */
  Quota connected() {
    return connected;
  }

  /** What clients are told at login; null until a server has logged in. */
  @Nullable Welcome welcome() {
    return welcome;
  }

  void setWelcome(@Nullable Welcome next) {
    welcome = next;
  }
}
