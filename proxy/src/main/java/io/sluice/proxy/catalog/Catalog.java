package io.sluice.proxy.catalog;

import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.guard.LineBudget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All databases and users, by name. Confined to the event loop.
 *
 * <p>A reload replaces what the files say and keeps what has happened: counts, pauses, pools.
 */
public final class Catalog {
  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final TreeMap<String, Database> databases = new TreeMap<>();
  private final TreeMap<String, User> users = new TreeMap<>();

  /** Strangers choose names, too, where auth_query runs in the database that was asked for. */
  private final LineBudget newNames = new LineBudget("new auto-databases", 1000);

  private final Quotas quotas;

  private @Nullable DatabaseConfig autoDatabase;

  /**
   * Makes an empty catalog of one event loop; the connections of all loops are counted together.
   */
  public Catalog(Quotas quotas) {
    this.quotas = quotas;
  }

  /** Entries that a reload has changed or removed. */
  public record Changes(List<Database> removed, List<Database> reconnect) {}

  /**
   * Takes a whole new configuration and user list.
   *
   * @return what the pools have to follow
   */
  public Changes apply(ProxyConfig config, Map<String, Credentials> secrets, long nowNs) {
    Changes changes = new Changes(new ArrayList<>(), new ArrayList<>());
    autoDatabase = config.autoDatabase();
    applyDatabases(config, changes);
    for (DatabaseConfig entry : config.databases().values()) {
      databases.computeIfAbsent(entry.name(), name -> new Database(entry, false, nowNs, quotas));
    }
    applyUsers(config, secrets);
    return changes;
  }

  private void applyDatabases(ProxyConfig config, Changes changes) {
    for (Database database : List.copyOf(databases.values())) {
      DatabaseConfig next = config.databases().get(database.name());
      if (next != null && database.isAutomatic()) {
        // The name has become an entry of its own; its clients stay.
        database.setListed();
      }
      if (next == null && database.isAutomatic() && autoDatabase != null) {
        next = autoDatabase.forName(database.name());
      }
      if (next == null) {
        databases.remove(database.name());
        changes.removed().add(database);
        continue;
      }
      if (!next.sameServer(database.config())) {
        changes.reconnect().add(database);
      }
      database.configure(next);
    }
  }

  private void applyUsers(ProxyConfig config, Map<String, Credentials> secrets) {
    for (User user : users.values()) {
      user.configure(config.users().get(user.name()));
      user.setCredentials(secrets.get(user.name()));
    }
    config.users().forEach((name, entry) -> openUser(name).configure(entry));
    secrets.forEach((name, secret) -> openUser(name).setCredentials(secret));
    users
        .values()
        .removeIf(user -> user.config() == null && user.credentials() == null && !user.isInUse());
  }

  /** The database of that name; made from {@code *} when there is such an entry; else null. */
  public @Nullable Database findDatabase(String name, long nowNs) {
    Database database = databases.get(name);
    if (database == null && autoDatabase != null) {
      database = new Database(autoDatabase.forName(name), true, nowNs, quotas);
      databases.put(name, database);
      if (newNames.take(nowNs)) {
        log.info("registered new auto-database: {}", name);
      }
    }
    if (database != null) {
      database.touch(nowNs);
    }
    return database;
  }

  /** The database of that name as it is now, without making one. */
  public @Nullable Database peekDatabase(String name) {
    return databases.get(name);
  }

  /**
   * What the files say of a database of that name, also of one that would be made from {@code *}.
   */
  public @Nullable DatabaseConfig peekConfig(String name) {
    Database database = databases.get(name);
    if (database != null) {
      return database.config();
    }
    return autoDatabase == null ? null : autoDatabase.forName(name);
  }

  /** Says whether a name can be served, without making an entry for it. */
  public boolean knowsDatabase(String name) {
    return autoDatabase != null || databases.containsKey(name);
  }

  /** Forgets a database that was made from {@code *}. */
  public void removeDatabase(Database database) {
    databases.remove(database.name(), database);
  }

  /** The user of that name, or null. */
  public @Nullable User findUser(String name) {
    return users.get(name);
  }

  /** The user of that name, made when there is none. */
  public User openUser(String name) {
    return users.computeIfAbsent(name, made -> new User(made, quotas));
  }

  /** All databases, by name. */
  public Collection<Database> databases() {
    return databases.values();
  }

  /** All users, by name. */
  public Collection<User> users() {
    return users.values();
  }
}
