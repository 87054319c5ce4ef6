package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Reload;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration at one moment. Immutable.
 *
 * @param file the file it came from, or null if there is none
 * @param values the settings of the process
 * @param databases the databases by name, in the order of the file
 * @param autoDatabase the {@code *} entry, from which unknown databases are made, or null
 * @param users the users by name, in the order of the file
 * @param peers the peers by id, in the order of the file
 */
public record ProxyConfig(
    @Nullable Path file,
    Values values,
    Map<String, DatabaseConfig> databases,
    @Nullable DatabaseConfig autoDatabase,
    Map<String, UserConfig> users,
    Map<Integer, PeerConfig> peers) {

  private static final Origin CONSOLE = new Origin("console", 0);

  public ProxyConfig {
    requireNonNull(values, "values");
    databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
    users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
    peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
  }

  /** A configuration of defaults without any database. */
  public static ProxyConfig defaults() {
    return new ProxyConfig(null, Values.global().build(), Map.of(), null, Map.of(), Map.of());
  }

  /** Finds a named database, or makes one from the {@code *} entry; null if there is neither. */
  public @Nullable DatabaseConfig database(String name) {
    DatabaseConfig database = databases.get(name);
    if (database != null || autoDatabase == null) {
      return database;
    }
    return autoDatabase.forName(name);
  }

  /**
   * Sets one setting of the process, as the console's SET does. A setting that acts only at restart
   * is checked and otherwise left alone, as in PgBouncer.
   *
   * @param text the value in the dialect of PgBouncer's console
   */
  public <T> Parsed<ProxyConfig> with(Setting<T> setting, String text) {
    Parsed<T> parsed = setting.parse(text, Dialect.INI);
    if (parsed instanceof Parsed.Bad<T> bad) {
      return new Parsed.Bad<>(bad.sentence(), bad.hint());
    }
    if (setting.reload() == Reload.RESTART) {
      return Parsed.good(this);
    }
    T value = ((Parsed.Good<T>) parsed).value();
    Values changed = values.copy().set(setting, value, text, CONSOLE).build();
    return Parsed.good(new ProxyConfig(file, changed, databases, autoDatabase, users, peers));
  }

  /** The file as a whole, for what is wrong with none of its lines. */
  public Origin origin() {
    return new Origin(String.valueOf(file), 0);
  }

  /** Where a setting got its value among some of this configuration; the file, if nowhere. */
  public Origin origin(Values among, Setting<?> setting) {
    Origin own = among.origin(setting);
    return own == null ? origin() : own;
  }

  /**
   * Returns the value that rules: the user's, else the database's, else that of the process. This
   * is the only cascade.
   *
   * @param user the user whose entry counts, or null if there is none
   * @param database the database, or null if none is concerned
   * @throws IllegalStateException if no value is given and the setting has no default
   */
  public <T> T effective(
      Setting<T> setting, @Nullable UserConfig user, @Nullable DatabaseConfig database) {
    T value = user == null ? null : user.values().find(setting);
    if (value == null && database != null) {
      value = database.values().find(setting);
    }
    if (value != null) {
      return value;
    }
    Setting<T> fallback = setting.fallback();
    return values.get(fallback == null ? setting : fallback);
  }

  /** Returns the most servers of the pool of a user and a database. */
  public int poolSize(@Nullable UserConfig user, @Nullable DatabaseConfig database) {
    return effective(Settings.POOL_SIZE, user, database);
  }
}
