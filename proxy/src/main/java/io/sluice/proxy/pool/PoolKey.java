package io.sluice.proxy.pool;

/** Which pool: one per database and user; ordered as SHOW POOLS lists them. Immutable. */
public record PoolKey(String database, String user) implements Comparable<PoolKey> {
  @Override
  public int compareTo(PoolKey other) {
    int byDatabase = database.compareTo(other.database);
    return byDatabase != 0 ? byDatabase : user.compareTo(other.user);
  }

  @Override
  public String toString() {
    return database + "/" + user;
  }
}
