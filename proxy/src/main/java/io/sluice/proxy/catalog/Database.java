package io.sluice.proxy.catalog;

import io.sluice.config.value.DatabaseConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database that clients can name: an entry of {@code [databases]}, or one made from {@code *}.
 * Confined to the event loop.
 */
public final class Database {
  private final String name;
  private boolean automatic;
  private final Quotas.Counts counts;
  private DatabaseConfig config;
  private boolean paused;
  private boolean disabled;
  private long lastUsedNs;
  private final Map<String, LearnedSecret> learned = new HashMap<>();

  Database(DatabaseConfig config, boolean automatic, long nowNs, Quotas quotas) {
    this.name = config.name();
    this.counts = quotas.ofDatabase(name);
    this.config = config;
    this.automatic = automatic;
    this.lastUsedNs = nowNs;
  }

  /** Takes new settings for the entry. */
  public void configure(DatabaseConfig next) {
    config = next;
  }

  /** Notes that the name has an entry of its own now. */
  void setListed() {
    automatic = false;
  }

  public void setPaused(boolean paused) {
    this.paused = paused;
  }

  public void setDisabled(boolean disabled) {
    this.disabled = disabled;
  }

  /** Notes that a client asked for the database. */
  public void touch(long nowNs) {
    lastUsedNs = nowNs;
  }

  /**
   * Keeps the secret of a user who is in no user list, for the logins of this database's servers:
   * another database may be in another PostgreSQL, where the user has another one.
   */
  public void learn(String user, LearnedSecret secret) {
    learned.put(user, secret);
  }

  /** Forgets the secret of a user: there is no pool any more that would need it. */
  public void forget(String user) {
    learned.remove(user);
  }

  /** The secret that the user's last login has shown, or null. */
  public @Nullable LearnedSecret learned(String user) {
    return learned.get(user);
  }

  public String name() {
    return name;
  }

  /** What the files say. */
  public DatabaseConfig config() {
    return config;
  }

  /** Says whether the entry was made from {@code *}. */
  public boolean isAutomatic() {
    return automatic;
  }

  public boolean isPaused() {
    return paused;
  }

  public boolean isDisabled() {
    return disabled;
  }

  /** Server connections of all pools of the database. */
  public Quota servers() {
    return counts.servers();
  }

  /** Clients that are logged in to the database. */
  public Quota clients() {
    return counts.clients();
  }

  public long lastUsedNs() {
    return lastUsedNs;
  }

  @Override
  public String toString() {
    return name;
  }
}
