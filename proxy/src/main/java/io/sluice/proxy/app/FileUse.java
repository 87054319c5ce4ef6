package io.sluice.proxy.app;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;

/** How many file descriptors a configuration may need. */
final class FileUse {
  /** What the JVM, its libraries, the event loops, listeners and the log have open. */
  private static final int OWN = 50;

  private FileUse() {}

  /**
   * The most that may be open at once: every client, and every pool full. A database of a forced
   * user has one pool, any other as many as there are users.
   *
   * @param userCount the users that may log in, of those that are known beforehand
   */
  static long expected(ProxyConfig config, int userCount) {
    long count = (long) OWN + config.values().get(Settings.MAX_CLIENT_CONN);
    for (DatabaseConfig database : config.databases().values()) {
      count += serversOf(config, database, Math.max(userCount, 1));
    }
    if (config.autoDatabase() != null) {
      count += serversOf(config, config.autoDatabase(), Math.max(userCount, 1));
    }
    return count;
  }

  /** The most servers of one database; 0 in a setting stands for no limit, which adds nothing. */
  private static long serversOf(ProxyConfig config, DatabaseConfig database, int userCount) {
    String forced = database.user();
    UserConfig user = forced == null ? null : config.users().get(forced);
    long pool = config.poolSize(user, database);
    pool += config.effective(Settings.RESERVE_POOL_SIZE, user, database);
    long servers = forced == null ? pool * userCount : pool;
    long limit = config.effective(Settings.MAX_DB_CONNECTIONS, user, database);
    return limit > 0 ? Math.min(servers, limit) : servers;
  }
}
