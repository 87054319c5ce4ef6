package io.sluice.proxy.pool;

/** Which pool: one per database, user and use; ordered as SHOW POOLS lists them. Immutable. */
public record PoolKey(String database, String user, PoolUse use) implements Comparable<PoolKey> {

  /** The pool that serves clients. */
  public PoolKey(String database, String user) {
    this(database, user, PoolUse.CLIENTS);
  }

  /** Says whether no client is ever served there. */
  public boolean isOurOwn() {
    return use != PoolUse.CLIENTS;
  }

  @Override
  public int compareTo(PoolKey other) {
    int byDatabase = database.compareTo(other.database);
    int byUser = byDatabase != 0 ? byDatabase : user.compareTo(other.user);
    return byUser != 0 ? byUser : use.compareTo(other.use);
  }

  @Override
  public String toString() {
    return database + "/" + user;
  }
}
