package io.sluice.config.check;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules between the sizes of pools and the limits around them. A database is looked at only if it
 * gives one of these settings itself; otherwise the finding about the process covers it.
 */
final class PoolSizeRules {
  private static final List<Setting<?>> SIZES =
      List.of(
          Settings.POOL_SIZE,
          Settings.MIN_POOL_SIZE,
          Settings.RESERVE_POOL_SIZE,
          Settings.MAX_DB_CONNECTIONS);

  private final ProxyConfig config;
  private final Findings findings;

  private PoolSizeRules(ProxyConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  /** Applies the rules to the process and to every database. */
  static void check(ProxyConfig config, Findings findings) {
    PoolSizeRules rules = new PoolSizeRules(config, findings);
    rules.checkReserve();
    rules.check(null);
    for (DatabaseConfig database : ConfigCheck.all(config)) {
      if (SIZES.stream().anyMatch(database.values()::isSet)) {
        rules.check(database);
      }
    }
  }

  private void checkReserve() {
    boolean reserve = config.values().get(Settings.RESERVE_POOL_SIZE) > 0;
    if (reserve && config.values().get(Settings.RESERVE_POOL_TIMEOUT).isZero()) {
      findings.warn(
          Settings.RESERVE_POOL_SIZE,
          "the reserve is never used while reserve_pool_timeout is 0",
          "set reserve_pool_timeout to the seconds a client may wait before");
    }
  }

  private void check(@Nullable DatabaseConfig database) {
    int size = config.poolSize(null, database);
    int min = config.effective(Settings.MIN_POOL_SIZE, null, database);
    int reserve = config.effective(Settings.RESERVE_POOL_SIZE, null, database);
    int max = config.effective(Settings.MAX_DB_CONNECTIONS, null, database);
    if (min > 0 && size == 0) {
      warn(database, Settings.MIN_POOL_SIZE, "has no effect on a pool of unlimited size");
    } else if (min > size) {
      warn(database, Settings.MIN_POOL_SIZE, "is larger than the pool, which has " + size);
    }
    if (max > 0 && size > max) {
      warn(database, sizeOf(database), "can not be reached, max_db_connections is " + max);
    } else if (max > 0 && size + reserve > max) {
      warn(
          database,
          Settings.RESERVE_POOL_SIZE,
          "can not be used whole: with a pool of "
              + size
              + " it passes max_db_connections, "
              + max);
    }
    if (max > 0 && min > max) {
      warn(database, Settings.MIN_POOL_SIZE, "is larger than max_db_connections, " + max);
    }
  }

  private static Setting<?> sizeOf(@Nullable DatabaseConfig database) {
    boolean own = database != null && database.values().isSet(Settings.POOL_SIZE);
    return own ? Settings.POOL_SIZE : Settings.DEFAULT_POOL_SIZE;
  }

  /** Warns where the setting is given: in the entry or for the process. */
  private void warn(@Nullable DatabaseConfig database, Setting<?> setting, String sentence) {
    if (database == null) {
      findings.warn(setting, sentence, null);
      return;
    }
    Values values = database.values();
    if (values.isSet(setting)) {
      findings.warn(ConfigCheck.label(database), values, setting, sentence, null);
    } else {
      String name = ConfigCheck.label(database);
      findings.warnAbout(name, values, setting.name() + ' ' + sentence, null);
    }
  }
}
