package io.sluice.proxy.app;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;

/** The most server connections that a configuration may open. */
final class Demand {
  private Demand() {}

  /**
   * The most servers of one database, with all its pools full. A database of a forced user has one
   * pool, any other as many as there are users. No limit, which a 0 stands for, adds nothing.
   *
   * @param userCount the users that may log in, of those that are known beforehand
   */
  static long servers(ProxyConfig config, DatabaseConfig database, int userCount) {
    String forced = database.user();
    UserConfig user = forced == null ? null : config.users().get(forced);
    long pool = config.poolSize(user, database);
    pool += config.effective(Settings.RESERVE_POOL_SIZE, user, database);
    long servers = forced == null ? pool * Math.max(userCount, 1) : pool;
    long limit = config.effective(Settings.MAX_DB_CONNECTIONS, user, database);
    return limit > 0 ? Math.min(servers, limit) : servers;
  }
}
