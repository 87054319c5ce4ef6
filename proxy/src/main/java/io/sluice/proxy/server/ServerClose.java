package io.sluice.proxy.server;

/**
 * Why a server was closed. The texts are PgBouncer's: scripts look for them in the log, and a
 * client that held the server gets the same text.
 */
public enum ServerClose {
  /** It was the server's end that closed, or the network. */
  LOST("server conn crashed?", false),
  /** The same, after PostgreSQL has said why. */
  ENDED("server conn crashed?", false),
  /** The server sent a header that cannot be one. */
  BAD_HEADER("bad pkt header", false),
  /** The server sent a message that has no place where it stands. */
  UNKNOWN_MESSAGE("unknown pkt", false),
  /** The server sent a ParameterStatus that is not one, or one beyond all bounds. */
  BROKEN_PARAMETER("broken ParameterStatus packet", false),
  /** An answer came to no request. */
  UNEXPECTED_READY("unexpected ReadyForQuery", false),
  /** During login the server sent what does not belong there. */
  UNKNOWN_LOGIN_MESSAGE("unknown pkt from server", false),
  /** PostgreSQL refused the login; the text is its own. */
  LOGIN_REFUSED("login failed", true),
  /**
   * The server does not speak the newest version of the protocol; the next attempt asks for 3.0.
   */
  VERSION_REFUSED("protocol version refused", false),
  /** We could not answer the server's demand for a password. */
  AUTH_UNANSWERED("failed to answer authreq", true),
  /** The connection could not be made. */
  CONNECT_FAILED("connect failed", false),
  /** Connecting or logging in took longer than server_connect_timeout. */
  CONNECT_TIMEOUT("connect timeout", false),
  /** server_tls_sslmode asks for TLS, and PostgreSQL has none. */
  TLS_REFUSED("server refused SSL", false),
  /** Bytes behind the answer to our SSLRequest: somebody else may have put them there. */
  DATA_AFTER_TLS_ANSWER("received unencrypted data after SSL response", false),
  /** The answer to our SSLRequest is neither yes nor no. */
  BAD_TLS_ANSWER("bad sslreq answer", false),
  /** The handshake did not come to its end; the text says why. */
  TLS_FAILED("TLS handshake failed", false),
  /** The host name has no address. */
  DNS_FAILED("server DNS lookup failed", false),
  /** server_lifetime has passed. */
  LIFETIME("server lifetime over", true),
  /** server_idle_timeout has passed. */
  IDLE_TIMEOUT("server idle timeout", true),
  /** A check or reset query was not answered in time. */
  TEST_TIMEOUT("test query failed", true),
  /** The reset query left the session in a transaction. */
  RESET_FAILED("reset query failed", true),
  /** What a client has left in the session can not be taken away, or was not. */
  STATE_STAYS("session state stays", true),
  /** connect_query left the session in a transaction, or was not answered in time. */
  CONNECT_QUERY_FAILED("exec_on_connect query failed", true),
  /** A SET for a tracked parameter failed. */
  INVALID_PARAMETER("invalid server parameter", true),
  /** Another pool needed the place under a limit. */
  EVICTED("evicted", true),
  /** pool_size was lowered, or the reserve is no longer needed. */
  SURPLUS("too many servers in the pool", true),
  /** An idle server sent something it should not have. */
  DIRTY("idle server got dirty", false),
  /** RECONNECT, or changed connection data, found on the way to a client. */
  OBSOLETE("obsolete connection", true),
  /** RECONNECT, or changed connection data, found at release. */
  CLOSE_NEEDED("close_needed", true),
  /** RECONNECT, or changed connection data, found by maintenance. */
  RECONFIGURED("database configuration changed", true),
  /** Connection data changed while connecting. */
  CONNECT_STRING_CHANGED("connect string changed", true),
  /** PAUSE closes what is free. */
  PAUSED("pause mode", true),
  /** The database was removed, or KILL. */
  DATABASE_REMOVED("database removed", true),
  /** The client left in the middle of a transaction or a query. */
  CLIENT_NOT_READY("client disconnect while server was not ready", true),
  /** The client left in the middle of a message. */
  CLIENT_MID_MESSAGE("client disconnect before everything was sent to the server", false),
  /** The client of a replication connection has left. */
  REPLICATION_ENDED("replication client was closed", true),
  /** The client that the server was made for has left (session_login = early). */
  GUEST_LEFT("client of its own was closed", true),
  /** A statement of the listening connection failed. */
  LISTEN_FAILED("listening failed", true),
  /** query_timeout has passed. */
  QUERY_TIMEOUT("query timeout", true),
  /** idle_transaction_timeout has passed. */
  IDLE_TRANSACTION("idle transaction timeout", true),
  /** transaction_timeout has passed. */
  TRANSACTION_TIMEOUT("transaction timeout", true),
  /** A transaction block was begun where pool_mode is statement. */
  STATEMENT_MODE("transaction blocks not allowed in statement pooling mode", true),
  /** The cancel request was delivered. */
  CANCEL_SENT("successfully sent cancel request", false),
  /** Nobody waits for this connection to carry a cancel request any more. */
  CANCEL_ABANDONED(
      "client gave up on cancel request, so we also give up forwarding to server", false),
  /** An administrator closed the client, and this server with it. */
  ADMIN("admin forced disconnect", true),
  /** suspend_timeout has passed. */
  SUSPEND_TIMEOUT("suspend_timeout", false),
  /** The process ends. */
  SHUTDOWN("server shutting down", true),
  /** Our own mistake; the log has the details. */
  INTERNAL("internal error", false);

  private final String text;
  private final boolean terminate;

  ServerClose(String text, boolean terminate) {
    this.text = text;
    this.terminate = terminate;
  }

  /** The text in the log and for the client. */
  public String text() {
    return text;
  }

  /** Says whether PostgreSQL is told with a Terminate message: not when the stream is broken. */
  public boolean sendsTerminate() {
    return terminate;
  }
}
