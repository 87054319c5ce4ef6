package io.sluice.proxy.client;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.pool.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one client with every override resolved; the user is the one that it logged in as.
 * Immutable; times in nanoseconds, 0 for none.
 *
 * @param idleTimeoutNs client_idle_timeout
 * @param queryWaitTimeoutNs query_wait_timeout
 */
public record ClientLimits(long idleTimeoutNs, long queryWaitTimeoutNs) {
  /** Before the client is known. */
  public static final ClientLimits NONE = new ClientLimits(0, 0);

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientLimits limits
        && idleTimeoutNs == limits.idleTimeoutNs
        && queryWaitTimeoutNs == limits.queryWaitTimeoutNs;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(idleTimeoutNs) + Long.hashCode(queryWaitTimeoutNs);
  }

  /** Resolves the limits. */
  public static ClientLimits of(
      Values global, @Nullable DatabaseConfig database, @Nullable UserConfig user) {
    return new ClientLimits(idle(global, user), queryWait(global, database, user));
  }

  private static long idle(Values global, @Nullable UserConfig user) {
    if (user != null && user.values().isSet(Settings.CLIENT_IDLE_TIMEOUT)) {
      long own = PoolSettings.ns(user.values().get(Settings.CLIENT_IDLE_TIMEOUT));
      if (own > 0) {
        return own;
      }
    }
    return PoolSettings.ns(global.get(Settings.CLIENT_IDLE_TIMEOUT));
  }

  /** An explicit 0 switches the time-out off, unlike with the others. */
  private static long queryWait(
      Values global, @Nullable DatabaseConfig database, @Nullable UserConfig user) {
    if (user != null && user.values().isSet(Settings.QUERY_WAIT_TIMEOUT)) {
      return PoolSettings.ns(user.values().get(Settings.QUERY_WAIT_TIMEOUT));
    }
    if (database != null && database.values().isSet(Settings.QUERY_WAIT_TIMEOUT)) {
      return PoolSettings.ns(database.values().get(Settings.QUERY_WAIT_TIMEOUT));
    }
    return PoolSettings.ns(global.get(Settings.QUERY_WAIT_TIMEOUT));
  }
}
