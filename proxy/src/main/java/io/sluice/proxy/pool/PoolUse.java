package io.sluice.proxy.pool;

/** What a pool's servers are for. */
public enum PoolUse {
  /** Clients are served. */
  CLIENTS,
  /** auth_query runs there, and nothing else. */
  LOOKUPS,
  /** The one server there listens for the clients of a database. */
  LISTENING
}
