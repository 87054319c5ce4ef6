package io.sluice.proxy.pool;

/** What came of the wish for one more server, and so why a waiter still waits. */
public enum Launch {
  /** A connection was begun. */
  STARTED,
  /** One is being made already: a pool makes one at a time. */
  CONNECTING,
  /** The last login failed, and server_login_retry has not passed. */
  RETRY_LATER,
  /** pool_size, and the reserve, are used up. */
  POOL_FULL,
  /** max_db_connections is used up, and no idle server could make room. */
  DATABASE_FULL,
  /** max_user_connections is used up, and no idle server could make room. */
  USER_FULL,
  /** PAUSE, or a shutdown. */
  PAUSED
}
