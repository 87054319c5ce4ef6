package io.sluice.protocol;

/**
 * Names the SQLSTATEs that a pooler sends by itself.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 *     codes</a>
 */
public final class SqlState {
  /** All is well; the code of every notice that PgBouncer sends. */
  public static final String SUCCESSFUL_COMPLETION = "00000";

  /** Something that the client ought to know. */
  public static final String WARNING = "01000";

  /** The server could not be reached, or was lost. */
  public static final String CONNECTION_FAILURE = "08006";

  /** A peer broke the protocol; also PgBouncer's code for everything without a better one. */
  public static final String PROTOCOL_VIOLATION = "08P01";

  /** What was asked for exists in PostgreSQL, but not here. */
  public static final String FEATURE_NOT_SUPPORTED = "0A000";

  /** Bind or Describe names a prepared statement that does not exist. */
  public static final String UNDEFINED_PSTATEMENT = "26000";

  /** The login is refused for another reason than a wrong password. */
  public static final String INVALID_AUTHORIZATION = "28000";

  /** The password is wrong. */
  public static final String INVALID_PASSWORD = "28P01";

  /** The database does not exist. */
  public static final String INVALID_CATALOG_NAME = "3D000";

  /** The command was not understood. */
  public static final String SYNTAX_ERROR = "42601";

  /** Parse names a prepared statement that exists already. */
  public static final String DUPLICATE_PSTATEMENT = "42P05";

  /** There is no memory for what was asked. */
  public static final String OUT_OF_MEMORY = "53200";

  /** No more connections are allowed. */
  public static final String TOO_MANY_CONNECTIONS = "53300";

  /** The query was cancelled. */
  public static final String QUERY_CANCELED = "57014";

  /** An administrator ended the connection, or the process ends. */
  public static final String ADMIN_SHUTDOWN = "57P01";

  /** No connection at this time: starting, or shutting down. */
  public static final String CANNOT_CONNECT_NOW = "57P03";

  /** The configuration file is not usable; PgBouncer's code for a failed RELOAD. */
  public static final String CONFIG_FILE_ERROR = "F0000";

  /** A bug of ours. */
  public static final String INTERNAL_ERROR = "XX000";

  private SqlState() {}
}
