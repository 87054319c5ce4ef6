package io.sluice.proxy.client;

import io.sluice.protocol.SqlState;

/**
 * Why a client's connection ends. The texts are PgBouncer's where it has one: clients and scripts
 * match on them.
 */
public enum ClientClose {
  /** Terminate. */
  REQUESTED(SqlState.PROTOCOL_VIOLATION, "client close request", false),
  /** The client, or the network, has closed the connection. */
  LOST(SqlState.PROTOCOL_VIOLATION, "client unexpected eof", false),
  /** A connection that closed before it said anything: a health check, most often. */
  SILENT(SqlState.PROTOCOL_VIOLATION, "", false),
  /** The client broke the protocol; the text says how. */
  PROTOCOL_VIOLATION(SqlState.PROTOCOL_VIOLATION, "bad packet", true),
  /** A packet that has no place during login. */
  BAD_LOGIN_PACKET(SqlState.PROTOCOL_VIOLATION, "bad packet", false),
  /** A message that no client may send after login. */
  UNKNOWN_MESSAGE(SqlState.PROTOCOL_VIOLATION, "unknown pkt", true),
  /** disable_pqexec. */
  PQEXEC(SqlState.PROTOCOL_VIOLATION, "PQexec disallowed", true),
  /** Bytes behind an SSLRequest: somebody else may have put them there. */
  DATA_AFTER_SSL_REQUEST(
      SqlState.PROTOCOL_VIOLATION, "received unencrypted data after SSL request", true),
  /** Bytes behind a GSSENCRequest. */
  DATA_AFTER_GSS_REQUEST(
      SqlState.PROTOCOL_VIOLATION,
      "received unencrypted data after GSSAPI encryption request",
      true),
  /** client_tls_sslmode asks for TLS, and the client has come without. */
  TLS_REQUIRED(SqlState.PROTOCOL_VIOLATION, "SSL required", true),
  /** An SSLRequest on a connection that has TLS. */
  TLS_INSIDE_TLS(SqlState.PROTOCOL_VIOLATION, "SSL req inside SSL", false),
  /** The handshake did not come to its end; the text says why. */
  TLS_FAILED(SqlState.PROTOCOL_VIOLATION, "TLS handshake failed", false),
  /** A connection that began with TLS and did not say that it is for PostgreSQL. */
  DIRECT_TLS_WITHOUT_ALPN(
      SqlState.PROTOCOL_VIOLATION, "direct TLS without ALPN protocol postgresql", false),
  /** More than one SSLRequest or GSSENCRequest. */
  REPEATED_REQUEST(SqlState.PROTOCOL_VIOLATION, "bad packet", false),
  /** A StartupMessage without a user. */
  NO_USER(SqlState.PROTOCOL_VIOLATION, "no username supplied", true),
  /** A user name of 128 bytes or more. */
  USER_TOO_LONG(SqlState.PROTOCOL_VIOLATION, "username too long", true),
  /** A database name of 128 bytes or more. */
  DATABASE_TOO_LONG(SqlState.PROTOCOL_VIOLATION, "database name too long", true),
  /** A parameter that we can neither track nor ignore; the text names it. */
  UNSUPPORTED_PARAMETER(SqlState.PROTOCOL_VIOLATION, "unsupported startup parameter", true),
  /** max_client_conn. */
  TOO_MANY_CLIENTS(
      SqlState.PROTOCOL_VIOLATION, "no more connections allowed (max_client_conn)", true),
  /** max_client_conn is reached, and others come who may be faster. */
  TOO_SLOW(
      SqlState.PROTOCOL_VIOLATION, "login takes too long while max_client_conn is reached", true),
  /** max_address_login_connections. */
  TOO_MANY_LOGINS(
      SqlState.TOO_MANY_CONNECTIONS,
      "too many connections of this address have not logged in yet"
          + " (max_address_login_connections)",
      true),
  /** max_address_logins_per_second. */
  TOO_FAST(
      SqlState.TOO_MANY_CONNECTIONS,
      "too many logins a second from this address (max_address_logins_per_second)",
      true),
  /** max_address_failed_logins. */
  TOO_MANY_FAILURES(
      SqlState.TOO_MANY_CONNECTIONS,
      "too many failed logins from this address (max_address_failed_logins)",
      true),
  /** memory_limit. */
  OUT_OF_MEMORY(SqlState.OUT_OF_MEMORY, "no memory for more clients (memory_limit)", true),
  /** max_db_client_connections. */
  TOO_MANY_DATABASE_CLIENTS(
      SqlState.PROTOCOL_VIOLATION, "client connections exceeded (max_db_client_connections)", true),
  /** max_user_client_connections. */
  TOO_MANY_USER_CLIENTS(
      SqlState.PROTOCOL_VIOLATION,
      "client connections exceeded (max_user_client_connections)",
      true),
  /** No entry and no {@code *}; told only to those who have proved who they are. */
  NO_DATABASE(SqlState.PROTOCOL_VIOLATION, "no such database", true),
  /** DISABLE. */
  DISABLED(SqlState.PROTOCOL_VIOLATION, "database is disabled", true),
  /** The process is ending. */
  SHUTTING_DOWN(SqlState.PROTOCOL_VIOLATION, "pooler is shutting down", true),
  /** The process ends now. */
  EXIT(SqlState.PROTOCOL_VIOLATION, "server shutting down", true),
  /** The entry was removed, or KILL. */
  DATABASE_REMOVED(SqlState.PROTOCOL_VIOLATION, "database removed", true),
  /** The entry logs in to PostgreSQL as another user now. */
  USER_CHANGED(SqlState.PROTOCOL_VIOLATION, "connect string changed", true),
  /** The proof failed; the text says what the client may know. */
  AUTHENTICATION_FAILED(SqlState.PROTOCOL_VIOLATION, "authentication failed", true),
  /** Not in admin_users or stats_users. */
  NOT_ALLOWED(SqlState.PROTOCOL_VIOLATION, "not allowed", true),
  /** The configuration does not allow the login to work. */
  CONFIG_ERROR(SqlState.PROTOCOL_VIOLATION, "bouncer config error", true),
  /** client_login_timeout. */
  LOGIN_TIMEOUT(SqlState.PROTOCOL_VIOLATION, "client_login_timeout", true),
  /** client_login_timeout, while the pool's first server does not come. */
  LOGIN_TIMEOUT_SERVER_DOWN(
      SqlState.PROTOCOL_VIOLATION, "client_login_timeout (server down)", true),
  /** client_idle_timeout. */
  IDLE_TIMEOUT(SqlState.PROTOCOL_VIOLATION, "client_idle_timeout", true),
  /** The waiter was turned away; the text says why. */
  REFUSED(SqlState.PROTOCOL_VIOLATION, "query_wait_timeout", true),
  /** The server that the client held has gone; the text says why. */
  SERVER_LOST(SqlState.PROTOCOL_VIOLATION, "server conn crashed?", true),
  /** The server that the client held has gone; PostgreSQL has said why, or nothing. */
  SERVER_ENDED(SqlState.PROTOCOL_VIOLATION, "server conn crashed?", false),
  /** The connection that listens for all cannot: the client would wait for nothing. */
  LISTEN_FAILED(SqlState.PROTOCOL_VIOLATION, "listening failed", true),
  /** Notifications came faster than the client took them (listen_queue_size). */
  LISTEN_OVERFLOW(SqlState.PROTOCOL_VIOLATION, "too many notifications (listen_queue_size)", true),
  /** KILL_CLIENT. */
  ADMIN(SqlState.PROTOCOL_VIOLATION, "admin forced disconnect", true),
  /** suspend_timeout. */
  SUSPEND_TIMEOUT(SqlState.PROTOCOL_VIOLATION, "suspend_timeout", true),
  /** A cancel request that is done, or that leads nowhere. */
  CANCEL_DONE(SqlState.PROTOCOL_VIOLATION, "cancel request done", false),
  /** A cancel request with an unknown key. */
  CANCEL_UNKNOWN(SqlState.PROTOCOL_VIOLATION, "failed cancel request", false),
  /** A cancel request for a peer that has too many before it. */
  CANCEL_OVERFLOW(SqlState.PROTOCOL_VIOLATION, "too many cancel requests wait for a peer", false),
  /** A cancel request for a peer that does not take it, and max_client_conn is reached. */
  CANCEL_TOO_SLOW(
      SqlState.PROTOCOL_VIOLATION,
      "cancel request takes too long while max_client_conn is reached",
      false),
  /** Our own mistake; the log has the details. */
  INTERNAL(SqlState.INTERNAL_ERROR, "internal error", true);

  private final String sqlState;
  private final String text;
  private final boolean told;

  ClientClose(String sqlState, String text, boolean told) {
    this.sqlState = sqlState;
    this.text = text;
    this.told = told;
  }

  public String sqlState() {
    return sqlState;
  }

  public String text() {
    return text;
  }

  /** Says whether the client gets a FATAL error with the text. */
  public boolean isTold() {
    return told;
  }
}
