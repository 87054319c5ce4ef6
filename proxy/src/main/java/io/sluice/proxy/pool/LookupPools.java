package io.sluice.proxy.pool;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.Origin;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import org.jspecify.annotations.Nullable;

/**
 * How the pools of auth_query differ from those of clients: few servers, each free again after its
 * query, none kept without need.
 */
final class LookupPools {
  /** A look-up takes a millisecond: more servers would only take them from clients. */
  private static final int MAX_SERVERS = 4;

  private static final Origin HERE = new Origin("auth_query", 0);

  private LookupPools() {}

  /** Resolves the settings of such a pool. */
  static PoolSettings settings(
      ProxyConfig config, DatabaseConfig database, @Nullable UserConfig user) {
    int size = PoolSettings.of(config, database, user).poolSize();
    Values.Builder own = user == null ? Values.scoped() : user.values().copy();
    own.set(Settings.POOL_MODE, PoolMode.TRANSACTION, "transaction", HERE);
    set(own, Settings.POOL_SIZE, size > 0 ? Math.min(size, MAX_SERVERS) : MAX_SERVERS);
    set(own, Settings.RESERVE_POOL_SIZE, 0);
    set(own, Settings.MIN_POOL_SIZE, 0);
    return PoolSettings.of(config, database, new UserConfig("auth_query", own.build()));
  }

  private static void set(Values.Builder values, Setting<Integer> setting, int value) {
    values.set(setting, value, Integer.toString(value), HERE);
  }
}
