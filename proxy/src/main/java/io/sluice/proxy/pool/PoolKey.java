package io.sluice.proxy.pool;

import org.jspecify.annotations.Nullable;

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

  // Spelled out, as in ClientLimits: Java puts together what a record brings along when it is first
  // used, which takes the first login of all 30 ms.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolKey key
        && database.equals(key.database)
        && user.equals(key.user)
        && use == key.use;
  }

  @Override
  public int hashCode() {
    return (31 * database.hashCode() + user.hashCode()) * 31 + use.hashCode();
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
