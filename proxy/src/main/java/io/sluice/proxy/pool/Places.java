package io.sluice.proxy.pool;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import org.jspecify.annotations.Nullable;

/**
 * The places that a pool's servers take under its limits: {@code pool_size} and the reserve, {@code
 * max_db_connections}, {@code max_user_connections}. A server has all three, or there is none.
 * Confined to its event loop; the counts are those of all loops.
 */
final class Places {
  private final Pool pool;
  private final Pools pools;

  Places(Pool pool, Pools pools) {
    this.pool = pool;
    this.pools = pools;
  }

  /**
   * Takes the places of one more server for those who wait. Servers of other pools that are free
   * are closed to make room for it.
   *
   * @param first who has waited longest, and so may use the reserve; null for nobody
   */
  Launch take(@Nullable Waiter first) {
    return take(most(first), true);
  }

  /** Takes the places of one more server when there are that few, at nobody's cost. */
  Launch takeSpare(int most) {
    return take(most, false);
  }

  private Launch take(int most, boolean evicts) {
    if (!pool.share().servers().tryTake(most)) {
      return Launch.POOL_FULL;
    }
    Launch outcome = takeShared(evicts);
    if (outcome != Launch.STARTED) {
      pool.share().servers().giveBack();
    }
    return outcome;
  }

  /** Takes the places of a connection that has to be, whatever the limits. */
  void takeAnyway() {
    pool.share().servers().take();
    database().servers().take();
    user().servers().take();
  }

  /** The places of one server are free again. */
  void giveBack() {
    pool.share().servers().giveBack();
    database().servers().giveBack();
    user().servers().giveBack();
  }

  /**
   * Takes the places under the limits that pools share; none if one of them has none.
   *
   * @param evicts whether free servers are closed to make room
   */
  private Launch takeShared(boolean evicts) {
    if (evicts
        && user().servers().isFull(pool.settings().maxUserConnections())
        && !pools.maySpareForUser(user())) {
      return Launch.USER_FULL;
    }
    while (!takeOfDatabase()) {
      if (!evicts || !pools.evictForDatabase(database())) {
        return Launch.DATABASE_FULL;
      }
    }
    while (!takeOfUser()) {
      if (!evicts || !pools.evictForUser(user())) {
        database().servers().giveBack();
        return Launch.USER_FULL;
      }
    }
    return Launch.STARTED;
  }

  private boolean takeOfDatabase() {
    return database().servers().tryTake(pool.settings().maxDbConnections());
  }

  private boolean takeOfUser() {
    return user().servers().tryTake(pool.settings().maxUserConnections());
  }

  /** How many servers there may be; 0 for any number. */
  private int most(@Nullable Waiter first) {
    PoolSettings settings = pool.settings();
    if (settings.poolSize() <= 0) {
      return 0;
    }
    return mayUseReserve(first)
        ? settings.poolSize() + settings.reserveSize()
        : settings.poolSize();
  }

  private boolean mayUseReserve(@Nullable Waiter first) {
    PoolSettings settings = pool.settings();
    return first != null
        && settings.reserveTimeoutNs() > 0
        && settings.reserveSize() > 0
        && pool.loop().nowNs() - first.requestedNs() >= settings.reserveTimeoutNs();
  }

  /** Says whether there is no place in the pool for one who waits. */
  boolean isPoolFull(Waiter first) {
    return pool.share().servers().isFull(most(first));
  }

  /** Says whether servers are in use beyond pool_size. */
  boolean isBeyondSize() {
    int size = pool.settings().poolSize();
    return size > 0 && pool.share().servers().used() > size;
  }

  private Database database() {
    return pool.database();
  }

  private User user() {
    return pool.user();
  }
}
