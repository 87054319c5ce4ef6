package io.sluice.proxy.app;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.client.Front;

/** How many file descriptors a configuration may need. */
final class FileUse {
  /** What the JVM, its libraries, the event loops, listeners and the log have open. */
  private static final int OWN = 50;

  private FileUse() {}

  /**
   * The most that may be open at once: every client, those who are told that they are too many, and
   * every pool full.
   *
   * @param userCount the users that may log in, of those that are known beforehand
   */
  static long expected(ProxyConfig config, int userCount) {
    long count = (long) OWN + Front.SPARE_CONNECTIONS;
    count += config.values().get(Settings.MAX_CLIENT_CONN);
    for (DatabaseConfig database : config.databases().values()) {
      count += Demand.servers(config, database, userCount);
    }
    if (config.autoDatabase() != null) {
      count += Demand.servers(config, config.autoDatabase(), userCount);
    }
    return count;
  }
}
