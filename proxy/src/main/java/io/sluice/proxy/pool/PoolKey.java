package io.sluice.proxy.pool;

/**
 * Which pool: one per database, user and use; ordered as SHOW POOLS lists them. Immutable.
 *
 * @param isForLookups whether auth_query runs there, and nothing else
 */
public record PoolKey(String database, String user, boolean isForLookups)
    implements Comparable<PoolKey> {

  /** The pool that serves clients. */
  public PoolKey(String database, String user) {
    this(database, user, false);
  }

  @Override
  public int compareTo(PoolKey other) {
    int byDatabase = database.compareTo(other.database);
    int byUser = byDatabase != 0 ? byDatabase : user.compareTo(other.user);
    return byUser != 0 ? byUser : Boolean.compare(isForLookups, other.isForLookups);
  }

  @Override
  public String toString() {
    return database + "/" + user;
  }
}
