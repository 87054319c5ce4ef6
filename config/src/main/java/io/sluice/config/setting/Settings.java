package io.sluice.config.setting;

import static io.sluice.config.setting.Reload.NEW_CONNECTIONS;
import static io.sluice.config.setting.Reload.RESTART;
import static io.sluice.config.setting.Scope.DATABASE;
import static io.sluice.config.setting.Scope.GLOBAL;
import static io.sluice.config.setting.Scope.PEER;

import io.sluice.config.value.AuthType;
import io.sluice.config.value.ChannelBinding;
import io.sluice.config.value.HostList;
import io.sluice.config.value.LoadBalanceHosts;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.SessionLogin;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.SslNegotiation;
import io.sluice.config.value.StatePolicy;
import io.sluice.config.value.TransportChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table: every setting once, in the order of SHOW CONFIG, then the keys that only occur in
 * entries of databases, users and peers. Immutable.
 */
public final class Settings {
  private static final List<Setting<?>> TABLE = new ArrayList<>();

  /** Users who may log in to the console and run every command there. */
  public static final Setting<List<String>> ADMIN_USERS =
      row("admin_users", SettingType.tokenList())
          .defaultsTo("")
          .doc(
              """
              Users who may log in to the console and run every command there. Names are
              separated by commas or blanks and compared exactly.""")
          .row();

  /** Appends the client's address and port to its application_name when it logs in. */
  public static final Setting<Boolean> APPLICATION_NAME_ADD_HOST =
      row("application_name_add_host", SettingType.bool())
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Appends the client's address and port to its application_name when it logs in. A
              later SET application_name by the client is left alone.""")
          .row();

  /** Database entry in which auth_query runs. */
  public static final Setting<String> AUTH_DBNAME =
      row("auth_dbname", SettingType.text())
          .scopes(GLOBAL, DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Database entry in which auth_query runs. Without it the query runs in the
              database that the client asked for.""")
          .row();

  /** File with the users and their secrets, one "user" "secret" pair per line. */
  public static final Setting<String> AUTH_FILE =
      row("auth_file", SettingType.text())
          .doc(
              """
              File with the users and their secrets, one "user" "secret" pair per line. A
              secret may be plain text, an MD5 hash or a SCRAM verifier. The file is read
              again at each reload.""")
          .row();

  /** File with host-based rules in the format of pg_hba.conf. */
  public static final Setting<String> AUTH_HBA_FILE =
      row("auth_hba_file", SettingType.text())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with host-based rules in the format of pg_hba.conf. It is read only if
              auth_type is hba.""")
          .row();

  /**
   * File that maps system and certificate names to user names, for rules of the HBA file with map=.
   */
  public static final Setting<String> AUTH_IDENT_FILE =
      row("auth_ident_file", SettingType.text())
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File that maps system and certificate names to user names, for rules of the HBA
              file with map=.""")
          .row();

  /** Options of the LDAP bind when auth_type is ldap, as on an ldap line of pg_hba.conf. */
  public static final Setting<String> AUTH_LDAP_OPTIONS =
      row("auth_ldap_options", SettingType.text())
          .secret()
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Options of the LDAP bind when auth_type is ldap, as on an ldap line of
              pg_hba.conf. It may hold the bind password, so its value is never shown.""")
          .row();

  /** Query that fetches the secret of a user who is not in auth_file. */
  public static final Setting<String> AUTH_QUERY =
      row("auth_query", SettingType.text())
          .defaultsTo(
              "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin")
          .scopes(GLOBAL, DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Query that fetches the secret of a user who is not in auth_file. It takes the
              user name as its one parameter and returns name and secret. It runs only if
              auth_user is set.""")
          .row();

  /** How clients prove who they are. */
  public static final Setting<AuthType> AUTH_TYPE =
      row("auth_type", SettingType.word(AuthType.class))
          .defaultsTo("md5")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              How clients prove who they are. With md5, a user whose stored secret is a SCRAM
              verifier is asked for SCRAM instead.""")
          .row();

  /** User as whom auth_query runs. */
  public static final Setting<String> AUTH_USER =
      row("auth_user", SettingType.text())
          .scopes(GLOBAL, DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              User as whom auth_query runs. Its own secret comes from auth_file.""")
          .row();

  /** Time after which an unused database that was made from the * entry is forgotten. */
  public static final Setting<Duration> AUTODB_IDLE_TIMEOUT =
      row("autodb_idle_timeout", SettingType.time())
          .defaultsTo("3600")
          .zeroMeans("never")
          .doc(
              """
              Time after which an unused database that was made from the * entry is forgotten.
              Its statistics go with it.""")
          .row();

  /** Has PostgreSQL stop the query of a client that has disconnected. */
  public static final Setting<Boolean> CANCEL_ON_DISCONNECT =
      row("cancel_on_disconnect", SettingType.bool())
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE, Scope.USER)
          .doc(
              """
              Has PostgreSQL stop the query of a client that has disconnected. Otherwise the
              server is waited for, up to 5 seconds, and then closed while the query may go on.
              A user's value wins over the database's, that over the global one. PgBouncer has
              no such setting.""")
          .row();

  /** Longest time a cancel request waits for a connection to PostgreSQL before it is dropped. */
  public static final Setting<Duration> CANCEL_WAIT_TIMEOUT =
      row("cancel_wait_timeout", SettingType.time())
          .defaultsTo("10")
          .zeroMeans("no limit")
          .doc(
              """
              Longest time a cancel request waits for a connection to PostgreSQL before it is
              dropped.""")
          .row();

  /** Disconnects a client that has sent nothing for this long and holds no server. */
  public static final Setting<Duration> CLIENT_IDLE_TIMEOUT =
      row("client_idle_timeout", SettingType.time())
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("no limit")
          .doc(
              """
              Disconnects a client that has sent nothing for this long and holds no server. It
              should be longer than the idle time of the application's own pool.""")
          .row();

  /** Longest time between accepting a client and the end of its login. */
  public static final Setting<Duration> CLIENT_LOGIN_TIMEOUT =
      row("client_login_timeout", SettingType.time())
          .defaultsTo("60")
          .zeroMeans("no limit")
          .doc(
              """
              Longest time between accepting a client and the end of its login. It also bounds
              the wait for the first server of a new pool.""")
          .row();

  /** Cipher suites of TLS 1.3 offered to clients, separated by colons. */
  public static final Setting<String> CLIENT_TLS13_CIPHERS =
      row("client_tls13_ciphers", SettingType.text())
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Cipher suites of TLS 1.3 offered to clients, separated by colons. Without it the
              TLS library decides.""")
          .row();

  /** File with the certificate authorities that may have signed client certificates. */
  public static final Setting<String> CLIENT_TLS_CA_FILE =
      row("client_tls_ca_file", SettingType.text())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the certificate authorities that may have signed client certificates.""")
          .row();

  /** File with the certificate that clients see. */
  public static final Setting<String> CLIENT_TLS_CERT_FILE =
      row("client_tls_cert_file", SettingType.text())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the certificate that clients see.""")
          .row();

  /** Ciphers for clients that speak TLS 1.2 or older, in the syntax of OpenSSL. */
  public static final Setting<String> CLIENT_TLS_CIPHERS =
      row("client_tls_ciphers", SettingType.text())
          .defaultsTo("default")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Ciphers for clients that speak TLS 1.2 or older, in the syntax of OpenSSL. The
              words default, secure, normal and fast all stand for ECDHE with AES-GCM or
              ChaCha20-Poly1305.""")
          .row();

  /** Parameters of the finite-field key exchange with clients: auto or none. */
  public static final Setting<String> CLIENT_TLS_DHEPARAMS =
      row("client_tls_dheparams", SettingType.text())
          .defaultsTo("auto")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Parameters of the finite-field key exchange with clients: auto or none.""")
          .row();

  /** Curve of the elliptic-curve key exchange with clients: auto, none or the name of a curve. */
  public static final Setting<String> CLIENT_TLS_ECDHCURVE =
      row("client_tls_ecdhcurve", SettingType.text())
          .defaultsTo("auto")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Curve of the elliptic-curve key exchange with clients: auto, none or the name of
              a curve.""")
          .row();

  /** File with the private key of client_tls_cert_file. */
  public static final Setting<String> CLIENT_TLS_KEY_FILE =
      row("client_tls_key_file", SettingType.text())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the private key of client_tls_cert_file.""")
          .row();

  /** TLS versions that clients may speak: tlsv1.0 to tlsv1.3, all, or secure for 1.2 and 1.3. */
  public static final Setting<List<String>> CLIENT_TLS_PROTOCOLS =
      row("client_tls_protocols", SettingType.protocolList())
          .defaultsTo("secure")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              TLS versions that clients may speak: tlsv1.0 to tlsv1.3, all, or secure for 1.2
              and 1.3. A leading ! takes a version away.""")
          .row();

  /** How much TLS a client connection needs. */
  public static final Setting<SslMode> CLIENT_TLS_SSLMODE =
      row("client_tls_sslmode", SettingType.word(SslMode.class))
          .defaultsTo("disable")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              How much TLS a client connection needs. Anything but disable needs
              client_tls_key_file and client_tls_cert_file, and verify-full needs
              client_tls_ca_file; verify-ca without that file lets in everybody with a certificate
              of a public authority.""")
          .row();

  /** File that the next reload reads. */
  public static final Setting<String> CONFFILE =
      row("conffile", SettingType.text())
          .doc(
              """
              File that the next reload reads. It starts as the file named on the command
              line.""")
          .row();

  /** Most server connections of one pool, that is of one database and user pair. */
  public static final Setting<Integer> DEFAULT_POOL_SIZE =
      row("default_pool_size", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("20")
          .zeroMeans("unlimited")
          .doc(
              """
              Most server connections of one pool, that is of one database and user pair.
              Databases and users override it with pool_size.""")
          .row();

  /**
   * Disconnects clients that use the simple query protocol, in which one message may carry several
   * statements.
   */
  public static final Setting<Boolean> DISABLE_PQEXEC =
      row("disable_pqexec", SettingType.bool())
          .defaultsTo("0")
          .reload(RESTART)
          .doc(
              """
              Disconnects clients that use the simple query protocol, in which one message may
              carry several statements. The console is unusable while it is on.""")
          .row();

  /** How long the addresses of a host name are kept. */
  public static final Setting<Duration> DNS_MAX_TTL =
      row("dns_max_ttl", SettingType.time())
          .defaultsTo("15")
          .doc(
              """
              How long the addresses of a host name are kept. The lifetime in the DNS answer
              itself is not looked at.""")
          .row();

  /** How long a failed lookup of a host name is remembered. */
  public static final Setting<Duration> DNS_NXDOMAIN_TTL =
      row("dns_nxdomain_ttl", SettingType.time())
          .defaultsTo("15")
          .doc(
              """
              How long a failed lookup of a host name is remembered.""")
          .row();

  /**
   * How often the serial numbers of DNS zones are compared; a grown serial looks all names of the
   * zone up again.
   */
  public static final Setting<Duration> DNS_ZONE_CHECK_PERIOD =
      row("dns_zone_check_period", SettingType.time())
          .defaultsTo("0")
          .notYetEffective()
          .zeroMeans("off")
          .doc(
              """
              How often the serial numbers of DNS zones are compared; a grown serial looks all
              names of the zone up again.""")
          .row();

  /** Disconnects a client that leaves a transaction open and sends nothing for this long. */
  public static final Setting<Duration> IDLE_TRANSACTION_TIMEOUT =
      row("idle_transaction_timeout", SettingType.time())
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("no limit")
          .doc(
              """
              Disconnects a client that leaves a transaction open and sends nothing for this
              long.""")
          .row();

  /**
   * Startup parameters that clients may send and that are dropped; any other unknown one refuses
   * the login. Tracked ones are known.
   */
  public static final Setting<List<String>> IGNORE_STARTUP_PARAMETERS =
      row("ignore_startup_parameters", SettingType.tokenList())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Startup parameters that clients may send and that are dropped; any other unknown
              one refuses the login. Parameters that follow the client are known, and so is
              extra_float_digits. Separated by commas or blanks; the element options
              ignores unknown names inside the options parameter.""")
          .row();

  /** Name of the service. */
  public static final Setting<String> JOB_NAME =
      row("job_name", SettingType.text())
          .defaultsTo("pgbouncer")
          .reload(RESTART)
          .doc(
              """
              Name of the service. It is accepted for compatibility and only shown.""")
          .row();

  /**
   * Addresses and host names on which clients are accepted over TCP, separated by commas; * stands
   * for all.
   */
  public static final Setting<List<String>> LISTEN_ADDR =
      row("listen_addr", SettingType.commaList())
          .defaultsTo("")
          .reload(RESTART)
          .doc(
              """
              Addresses and host names on which clients are accepted over TCP, separated by
              commas; * stands for all. Empty means Unix sockets only.""")
          .row();

  /** How many connections the kernel queues before they are accepted. */
  public static final Setting<Integer> LISTEN_BACKLOG =
      row("listen_backlog", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("128")
          .reload(RESTART)
          .doc(
              """
              How many connections the kernel queues before they are accepted.""")
          .row();

  /** Port for clients. */
  public static final Setting<Integer> LISTEN_PORT =
      row("listen_port", SettingType.integer(0, 65535))
          .defaultsTo("6432")
          .reload(RESTART)
          .doc(
              """
              Port for clients. It also names the Unix socket, .s.PGSQL. and the port.""")
          .row();

  /** Logs successful logins. */
  public static final Setting<Boolean> LOG_CONNECTIONS =
      row("log_connections", SettingType.bool())
          .defaultsTo("1")
          .doc(
              """
              Logs successful logins.""")
          .row();

  /** Logs why connections end. */
  public static final Setting<Boolean> LOG_DISCONNECTIONS =
      row("log_disconnections", SettingType.bool())
          .defaultsTo("1")
          .doc(
              """
              Logs why connections end.""")
          .row();

  /** Logs the errors that the pooler itself sends to clients. */
  public static final Setting<Boolean> LOG_POOLER_ERRORS =
      row("log_pooler_errors", SettingType.bool())
          .defaultsTo("1")
          .doc(
              """
              Logs the errors that the pooler itself sends to clients.""")
          .row();

  /** Logs a line of statistics every stats_period. */
  public static final Setting<Boolean> LOG_STATS =
      row("log_stats", SettingType.bool())
          .defaultsTo("1")
          .doc(
              """
              Logs a line of statistics every stats_period.""")
          .row();

  /** File to append the log to, besides standard error. */
  public static final Setting<String> LOGFILE =
      row("logfile", SettingType.text())
          .defaultsTo("")
          .doc(
              """
              File to append the log to, besides standard error. It is opened again at each
              reload, so that it can be rotated.""")
          .row();

  /** Text sent to each client as a NOTICE when it has logged in. */
  public static final Setting<String> LOGIN_NOTIFY_MESSAGE =
      row("login_notify_message", SettingType.text())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Text sent to each client as a NOTICE when it has logged in. Empty sends none.""")
          .row();

  /** Most client connections, logins and cancel requests included. */
  public static final Setting<Integer> MAX_CLIENT_CONN =
      row("max_client_conn", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("100")
          .doc(
              """
              Most client connections, logins and cancel requests included. The file limit of
              the process must leave room for these, for 1,000 more that are told that they are too
              many, and for all server connections.""")
          .row();

  /** Named prepared statements of one client. */
  public static final Setting<Integer> MAX_CLIENT_PREPARED_STATEMENTS =
      row("max_client_prepared_statements", SettingType.integer(1, Integer.MAX_VALUE))
          .defaultsTo("10000")
          .doc(
              """
              How many named prepared statements one client may have in transaction and statement
              pooling. The pooler remembers the text of each; one more fails when it is prepared.""")
          .row();

  /** Most client connections to one database entry. */
  public static final Setting<Integer> MAX_DB_CLIENT_CONNECTIONS =
      row("max_db_client_connections", SettingType.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE)
          .zeroInheritsIn(DATABASE)
          .zeroMeans("unlimited")
          .doc(
              """
              Most client connections to one database entry.""")
          .row();

  /** Most server connections of one database entry, over all its pools. */
  public static final Setting<Integer> MAX_DB_CONNECTIONS =
      row("max_db_connections", SettingType.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE)
          .zeroInheritsIn(DATABASE)
          .zeroMeans("unlimited")
          .doc(
              """
              Most server connections of one database entry, over all its pools. At the limit
              an idle server of another user's pool is closed to make room.""")
          .row();

  /** Longest message accepted from either side; a longer one ends the connection. */
  public static final Setting<Integer> MAX_PACKET_SIZE =
      row("max_packet_size", SettingType.bytes(8))
          .defaultsTo("2147483647")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Longest message accepted from either side; a longer one ends the connection. In
              bytes.""")
          .row();

  /**
   * How many named prepared statements are kept on each server connection, so that clients may use
   * them in transaction and statement pooling.
   */
  public static final Setting<Integer> MAX_PREPARED_STATEMENTS =
      row("max_prepared_statements", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("200")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              How many named prepared statements are kept on each server connection, so that
              clients may use them in transaction and statement pooling.""")
          .row();

  /** Most client connections of one login user. */
  public static final Setting<Integer> MAX_USER_CLIENT_CONNECTIONS =
      row("max_user_client_connections", SettingType.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("unlimited")
          .doc(
              """
              Most client connections of one login user.""")
          .row();

  /** Most server connections of one user over all databases. */
  public static final Setting<Integer> MAX_USER_CONNECTIONS =
      row("max_user_connections", SettingType.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("unlimited")
          .doc(
              """
              Most server connections of one user over all databases. The user that counts is
              the one who logs in to PostgreSQL.""")
          .row();

  /** Server connections that a pool keeps open even when they are idle. */
  public static final Setting<Integer> MIN_POOL_SIZE =
      row("min_pool_size", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE)
          .doc(
              """
              Server connections that a pool keeps open even when they are idle. It acts on
              pools that have clients, and always on databases with a user of their own.""")
          .row();

  /** Number of this process among its peers, which forward cancel requests to one another. */
  public static final Setting<Integer> PEER_ID =
      row("peer_id", SettingType.integer(0, 16383))
          .defaultsTo("0")
          .zeroMeans("no peers")
          .doc(
              """
              Number of this process among its peers, which forward cancel requests to one
              another.""")
          .row();

  /** File that holds the process id while the process runs. */
  public static final Setting<String> PIDFILE =
      row("pidfile", SettingType.text())
          .defaultsTo("")
          .reload(RESTART)
          .doc(
              """
              File that holds the process id while the process runs. A daemon needs one.""")
          .row();

  /** Bytes read from a connection at once. */
  public static final Setting<Integer> PKT_BUF =
      row("pkt_buf", SettingType.bytes(64))
          .defaultsTo("4096")
          .reload(RESTART)
          .doc(
              """
              Bytes read from a connection at once. A small buffer saves memory, a large one
              saves system calls.""")
          .row();

  /**
   * When a server goes back to its pool: after the client's session, after each transaction or
   * after each statement.
   */
  public static final Setting<PoolMode> POOL_MODE =
      row("pool_mode", SettingType.word(PoolMode.class))
          .defaultsTo("session")
          .scopes(GLOBAL, DATABASE, Scope.USER)
          .doc(
              """
              When a server goes back to its pool: after the client's session, after each
              transaction or after each statement. A user's mode wins over the database's,
              that over the global one.""")
          .row();

  /** Time after which a pool without clients and servers is removed. */
  public static final Setting<Duration> POOL_IDLE_TIMEOUT =
      row("pool_idle_timeout", SettingType.time())
          .defaultsTo("0")
          .zeroMeans("never")
          .doc(
              """
              Time after which a pool without clients and servers is removed. Its statistics
              go with it.""")
          .row();

  /** Closes server and client when a query takes longer. */
  public static final Setting<Duration> QUERY_TIMEOUT =
      row("query_timeout", SettingType.time())
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("no limit")
          .doc(
              """
              Closes server and client when a query takes longer. Set it only to catch what
              PostgreSQL's statement_timeout can not, such as a network failure.""")
          .row();

  /** Sends a client a NOTICE once it has waited longer than this for a server. */
  public static final Setting<Duration> QUERY_WAIT_NOTIFY =
      row("query_wait_notify", SettingType.wholeSeconds())
          .defaultsTo("5")
          .zeroMeans("off")
          .doc(
              """
              Sends a client a NOTICE once it has waited longer than this for a server.""")
          .row();

  /** Longest time a query may wait for a server; the client is then disconnected. */
  public static final Setting<Duration> QUERY_WAIT_TIMEOUT =
      row("query_wait_timeout", SettingType.time())
          .defaultsTo("120")
          .scopes(GLOBAL, DATABASE, Scope.USER)
          .zeroMeans("no limit")
          .doc(
              """
              Longest time a query may wait for a server; the client is then disconnected. It
              keeps a stalled PostgreSQL from collecting clients.""")
          .row();

  /**
   * Server connections that a pool may open beyond its size when a client has waited for
   * reserve_pool_timeout.
   */
  public static final Setting<Integer> RESERVE_POOL_SIZE =
      row("reserve_pool_size", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE, Scope.USER)
          .alias("reserve_pool")
          .zeroMeans("no reserve")
          .doc(
              """
              Server connections that a pool may open beyond its size when a client has waited
              for reserve_pool_timeout.""")
          .row();

  /** How long a client must have waited before its pool uses the reserve. */
  public static final Setting<Duration> RESERVE_POOL_TIMEOUT =
      row("reserve_pool_timeout", SettingType.time())
          .defaultsTo("5")
          .zeroMeans("no reserve")
          .doc(
              """
              How long a client must have waited before its pool uses the reserve.""")
          .row();

  /** File in the format of resolv.conf that names the DNS servers. */
  public static final Setting<String> RESOLV_CONF =
      row("resolv_conf", SettingType.text())
          .defaultsTo("")
          .reload(RESTART)
          .doc(
              """
              File in the format of resolv.conf that names the DNS servers. Empty means the
              system's own.""")
          .row();

  /** How many reads of pkt_buf one connection gets in a row before the others have their turn. */
  public static final Setting<Integer> SBUF_LOOPCNT =
      row("sbuf_loopcnt", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("5")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("unlimited")
          .doc(
              """
              How many reads one connection gets in a row before the others have their turn, where
              it uses TLS or transport is not epoll. A read is of up to 64 KiB here, and values
              above 2 mean 2: more make small queries wait for large results. Other connections are
              read once, and those with much to read one by one behind the rest.""")
          .row();

  /** Iteration count of SCRAM secrets that are derived from plain-text passwords. */
  public static final Setting<Integer> SCRAM_ITERATIONS =
      row("scram_iterations", SettingType.integer(1, Integer.MAX_VALUE))
          .defaultsTo("4096")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Iteration count of SCRAM secrets that are derived from plain-text passwords.""")
          .row();

  /** How long a server may be idle before server_check_query tests it at its next use. */
  public static final Setting<Duration> SERVER_CHECK_DELAY =
      row("server_check_delay", SettingType.time())
          .defaultsTo("30")
          .zeroMeans("check before each use")
          .doc(
              """
              How long a server may be idle before server_check_query tests it at its next
              use.""")
          .row();

  /** Query that tests an idle server. */
  public static final Setting<String> SERVER_CHECK_QUERY =
      row("server_check_query", SettingType.text())
          .defaultsTo("<empty>")
          .doc(
              """
              Query that tests an idle server. The word <empty> sends a query without a
              statement, the cheapest test; nothing at all switches the test off.""")
          .row();

  /** Longest time for connecting and logging in to PostgreSQL. */
  public static final Setting<Duration> SERVER_CONNECT_TIMEOUT =
      row("server_connect_timeout", SettingType.time())
          .defaultsTo("15")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("no limit")
          .doc(
              """
              Longest time for connecting and logging in to PostgreSQL.""")
          .row();

  /**
   * Closes a server in session pooling as soon as its transaction ends when its database was
   * changed by a reload or RECONNECT, rather than at the end of the session.
   */
  public static final Setting<Boolean> SERVER_FAST_CLOSE =
      row("server_fast_close", SettingType.bool())
          .defaultsTo("0")
          .doc(
              """
              Closes a server in session pooling as soon as its transaction ends when its
              database was changed by a reload or RECONNECT, rather than at the end of the
              session.""")
          .row();

  /** Closes servers that were idle for longer, down to min_pool_size. */
  public static final Setting<Duration> SERVER_IDLE_TIMEOUT =
      row("server_idle_timeout", SettingType.time())
          .defaultsTo("600")
          .zeroMeans("never")
          .doc(
              """
              Closes servers that were idle for longer, down to min_pool_size.""")
          .row();

  /** Closes an unused server that is older. */
  public static final Setting<Duration> SERVER_LIFETIME =
      row("server_lifetime", SettingType.time())
          .defaultsTo("3600")
          .scopes(GLOBAL, DATABASE)
          .zeroInheritsIn(DATABASE)
          .zeroMeans("use each server once")
          .doc(
              """
              Closes an unused server that is older. Closing is spread over time, so that a
              pool does not reconnect all at once.""")
          .row();

  /** How long to wait after a failed login to PostgreSQL before the next attempt. */
  public static final Setting<Duration> SERVER_LOGIN_RETRY =
      row("server_login_retry", SettingType.time())
          .defaultsTo("15")
          .doc(
              """
              How long to wait after a failed login to PostgreSQL before the next attempt.""")
          .row();

  /** Query that cleans a server between two clients in session pooling. */
  public static final Setting<String> SERVER_RESET_QUERY =
      row("server_reset_query", SettingType.text())
          .defaultsTo("DISCARD ALL")
          .doc(
              """
              Query that cleans a server between two clients in session pooling. Empty sends
              none.""")
          .row();

  /** Sends server_reset_query in transaction and statement pooling too. */
  public static final Setting<Boolean> SERVER_RESET_QUERY_ALWAYS =
      row("server_reset_query_always", SettingType.bool())
          .defaultsTo("0")
          .doc(
              """
              Sends server_reset_query in transaction and statement pooling too. It hides the
              mistake of applications that use session state there, at the price of a round
              trip.""")
          .row();

  /** Uses the servers of a pool in turn. */
  public static final Setting<Boolean> SERVER_ROUND_ROBIN =
      row("server_round_robin", SettingType.bool())
          .defaultsTo("0")
          .doc(
              """
              Uses the servers of a pool in turn. Otherwise the one that was used last comes
              first, so that the surplus can go idle.""")
          .row();

  /** Cipher suites of TLS 1.3 offered to PostgreSQL, separated by colons. */
  public static final Setting<String> SERVER_TLS13_CIPHERS =
      row("server_tls13_ciphers", SettingType.text())
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Cipher suites of TLS 1.3 offered to PostgreSQL, separated by colons. Without it
              the TLS library decides.""")
          .row();

  /** File with the certificate authorities that may have signed PostgreSQL's certificate. */
  public static final Setting<String> SERVER_TLS_CA_FILE =
      row("server_tls_ca_file", SettingType.text())
          .defaultsTo("")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the certificate authorities that may have signed PostgreSQL's
              certificate. Empty means the system's own.""")
          .row();

  /** File with the certificate that PostgreSQL sees. */
  public static final Setting<String> SERVER_TLS_CERT_FILE =
      row("server_tls_cert_file", SettingType.text())
          .defaultsTo("")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the certificate that PostgreSQL sees.""")
          .row();

  /** Ciphers towards a PostgreSQL that speaks TLS 1.2 or older, in the syntax of OpenSSL. */
  public static final Setting<String> SERVER_TLS_CIPHERS =
      row("server_tls_ciphers", SettingType.text())
          .defaultsTo("default")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Ciphers towards a PostgreSQL that speaks TLS 1.2 or older, in the syntax of
              OpenSSL. The word default stands for the choice of the TLS library.""")
          .row();

  /** File with the private key of server_tls_cert_file. */
  public static final Setting<String> SERVER_TLS_KEY_FILE =
      row("server_tls_key_file", SettingType.text())
          .defaultsTo("")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              File with the private key of server_tls_cert_file.""")
          .row();

  /** TLS versions towards PostgreSQL: tlsv1.0 to tlsv1.3, all, or secure for 1.2 and 1.3. */
  public static final Setting<List<String>> SERVER_TLS_PROTOCOLS =
      row("server_tls_protocols", SettingType.protocolList())
          .defaultsTo("secure")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              TLS versions towards PostgreSQL: tlsv1.0 to tlsv1.3, all, or secure for 1.2 and
              1.3. A leading ! takes a version away.""")
          .row();

  /** How much TLS a connection to PostgreSQL needs. */
  public static final Setting<SslMode> SERVER_TLS_SSLMODE =
      row("server_tls_sslmode", SettingType.word(SslMode.class))
          .defaultsTo("prefer")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              How much TLS a connection to PostgreSQL needs. With prefer, and with allow, a
              PostgreSQL without TLS is spoken to in plain text; with verify-full its certificate
              must be for the configured host.""")
          .row();

  /**
   * Lets several processes listen on the same TCP port; the kernel spreads the clients over them.
   */
  public static final Setting<Boolean> SO_REUSEPORT =
      row("so_reuseport", SettingType.bool())
          .defaultsTo("0")
          .reload(RESTART)
          .doc(
              """
              Lets several processes listen on the same TCP port; the kernel spreads the
              clients over them.""")
          .row();

  /** Period of the averages in SHOW STATS and of the statistics line in the log. */
  public static final Setting<Duration> STATS_PERIOD =
      row("stats_period", SettingType.wholeSeconds())
          .defaultsTo("60")
          .doc(
              """
              Period of the averages in SHOW STATS and of the statistics line in the log.""")
          .row();

  /** Users who may log in to the console and run the SHOW commands there. */
  public static final Setting<List<String>> STATS_USERS =
      row("stats_users", SettingType.tokenList())
          .defaultsTo("")
          .doc(
              """
              Users who may log in to the console and run the SHOW commands there. Names are
              separated by commas or blanks and compared exactly.""")
          .row();

  /**
   * Longest time SUSPEND waits for the buffers of a connection to drain; the connection is then
   * closed.
   */
  public static final Setting<Duration> SUSPEND_TIMEOUT =
      row("suspend_timeout", SettingType.time())
          .defaultsTo("10")
          .doc(
              """
              Longest time SUSPEND waits for the buffers of a connection to drain; the
              connection is then closed.""")
          .row();

  /** Sends the log to syslog too. */
  public static final Setting<Boolean> SYSLOG =
      row("syslog", SettingType.bool())
          .defaultsTo("0")
          .doc(
              """
              Sends the log to syslog too.""")
          .row();

  /** Facility of the messages in syslog: auth, authpriv, daemon, user or local0 to local7. */
  public static final Setting<String> SYSLOG_FACILITY =
      row("syslog_facility", SettingType.text())
          .defaultsTo("daemon")
          .doc(
              """
              Facility of the messages in syslog: auth, authpriv, daemon, user or local0 to
              local7.""")
          .row();

  /** Name of the program in syslog. */
  public static final Setting<String> SYSLOG_IDENT =
      row("syslog_ident", SettingType.text())
          .defaultsTo("pgbouncer")
          .doc(
              """
              Name of the program in syslog.""")
          .row();

  /** Accepts a TCP connection only when its first bytes have arrived. */
  public static final Setting<Boolean> TCP_DEFER_ACCEPT =
      row("tcp_defer_accept", SettingType.bool())
          .defaultsTo("1")
          .doc(
              """
              Accepts a TCP connection only when its first bytes have arrived. Linux only.""")
          .row();

  /** Switches keepalive probes on for TCP connections to both sides. */
  public static final Setting<Boolean> TCP_KEEPALIVE =
      row("tcp_keepalive", SettingType.bool())
          .defaultsTo("1")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Switches keepalive probes on for TCP connections to both sides.""")
          .row();

  /** How many keepalive probes may be lost before a TCP connection counts as dead. */
  public static final Setting<Integer> TCP_KEEPCNT =
      row("tcp_keepcnt", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("the system's own")
          .doc(
              """
              How many keepalive probes may be lost before a TCP connection counts as dead.""")
          .row();

  /** Idle seconds before the first keepalive probe. */
  public static final Setting<Integer> TCP_KEEPIDLE =
      row("tcp_keepidle", SettingType.osSeconds())
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("the system's own")
          .doc(
              """
              Idle seconds before the first keepalive probe.""")
          .row();

  /** Seconds between keepalive probes. */
  public static final Setting<Integer> TCP_KEEPINTVL =
      row("tcp_keepintvl", SettingType.osSeconds())
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("the system's own")
          .doc(
              """
              Seconds between keepalive probes.""")
          .row();

  /** Send and receive buffer of TCP sockets in the kernel. */
  public static final Setting<Integer> TCP_SOCKET_BUFFER =
      row("tcp_socket_buffer", SettingType.bytes(0))
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("the system's own")
          .doc(
              """
              Send and receive buffer of TCP sockets in the kernel. In bytes.""")
          .row();

  /** Milliseconds that sent data may stay unacknowledged before a TCP connection is closed. */
  public static final Setting<Integer> TCP_USER_TIMEOUT =
      row("tcp_user_timeout", SettingType.osMillis())
          .defaultsTo("0")
          .reload(NEW_CONNECTIONS)
          .zeroMeans("the system's own")
          .doc(
              """
              Milliseconds that sent data may stay unacknowledged before a TCP connection is
              closed. Linux only.""")
          .row();

  /**
   * Further parameters, besides all that PostgreSQL reports, whose values follow the client from
   * server to server.
   */
  public static final Setting<List<String>> TRACK_EXTRA_PARAMETERS =
      row("track_extra_parameters", SettingType.commaList())
          .defaultsTo("IntervalStyle")
          .reload(RESTART)
          .doc(
              """
              Further parameters, besides all that PostgreSQL reports and a session may set,
              whose values follow the client from server to server. Of one that PostgreSQL does
              not report, that is the value that the client asks for at startup.""")
          .row();

  /** Closes server and client when a transaction takes longer. */
  public static final Setting<Duration> TRANSACTION_TIMEOUT =
      row("transaction_timeout", SettingType.time())
          .defaultsTo("0")
          .scopes(GLOBAL, Scope.USER)
          .zeroInheritsIn(Scope.USER)
          .zeroMeans("no limit")
          .doc(
              """
              Closes server and client when a transaction takes longer.""")
          .row();

  /**
   * Directory of the Unix socket for clients, and of PostgreSQL's where a database names no host.
   */
  public static final Setting<String> UNIX_SOCKET_DIR =
      row("unix_socket_dir", SettingType.text())
          .defaultsTo("/tmp")
          .reload(RESTART)
          .doc(
              """
              Directory of the Unix socket for clients, and of PostgreSQL's where a database
              names no host. A leading @ means Linux's abstract name space; empty means no
              Unix socket.""")
          .row();

  /** Group, by name or number, that the Unix socket is given to. */
  public static final Setting<String> UNIX_SOCKET_GROUP =
      row("unix_socket_group", SettingType.text())
          .defaultsTo("")
          .reload(RESTART)
          .doc(
              """
              Group, by name or number, that the Unix socket is given to.""")
          .row();

  /** Permissions of the Unix socket, in octal. */
  public static final Setting<Integer> UNIX_SOCKET_MODE =
      row("unix_socket_mode", SettingType.fileMode())
          .defaultsTo("0777")
          .reload(RESTART)
          .doc(
              """
              Permissions of the Unix socket, in octal.""")
          .row();

  /** Unix user to become after start. */
  public static final Setting<String> USER =
      row("user", SettingType.text())
          .reload(RESTART)
          .doc(
              """
              Unix user to become after start. The command line wins.""")
          .row();

  /** How much is logged: 0 normal, 1 debug, 2 and more everything. */
  public static final Setting<Integer> VERBOSE =
      row("verbose", SettingType.integer(0, Integer.MAX_VALUE))
          .doc(
              """
              How much is logged: 0 normal, 1 debug, 2 and more everything. The command line
              adds to it.""")
          .row();

  // Settings that PgBouncer does not have.

  /** Whom a token has to be meant for. */
  public static final Setting<String> AUTH_JWT_AUDIENCE =
      row("auth_jwt_audience", SettingType.text())
          .defaultsTo("")
          .doc(
              """
              Whom the tokens of jwt logins have to be meant for: one of their aud. Needed where
              jwt is used. PgBouncer has no such setting.""")
          .row();

  /** Who has to have made a token. */
  public static final Setting<String> AUTH_JWT_ISSUER =
      row("auth_jwt_issuer", SettingType.text())
          .defaultsTo("")
          .doc(
              """
              Who has to have made the tokens of jwt logins: their iss. When it is empty, whoever
              has one of the keys. PgBouncer has no such setting.""")
          .row();

  /** Where the keys of those who sign tokens are. */
  public static final Setting<String> AUTH_JWT_KEY_SET =
      row("auth_jwt_key_set", SettingType.text())
          .defaultsTo("")
          .doc(
              """
              Where the public keys of those who sign tokens are: the absolute path, or the
              https:// URL, of a JSON Web Key Set with RSA keys (RS256) and P-256 keys (ES256).
              PgBouncer has no such setting.""")
          .row();

  /** How long a key set from the network is used. */
  public static final Setting<Duration> AUTH_JWT_KEY_SET_REFRESH =
      row("auth_jwt_key_set_refresh", SettingType.time())
          .defaultsTo("300")
          .zeroMeans("ask at every login")
          .doc(
              """
              How long a key set from a URL is used before a login asks for it again. It is also
              asked for when a token names a key that it does not have, every ten seconds at most;
              when it cannot be had, the old keys stay. Files are looked at all the time.
              PgBouncer has no such setting.""")
          .row();

  /** The claim of a token that names the user. */
  public static final Setting<String> AUTH_JWT_USER_CLAIM =
      row("auth_jwt_user_claim", SettingType.text())
          .defaultsTo("user")
          .doc(
              """
              The claim of a token that names the user, such as user or sub. PgBouncer has no such
              setting.""")
          .row();

  /** Whether tokens may cross the network in clear text. */
  public static final Setting<Boolean> AUTH_JWT_WITHOUT_TLS =
      row("auth_jwt_without_tls", SettingType.bool())
          .defaultsTo("0")
          .doc(
              """
              Whether clients without TLS may be asked for tokens, which whoever reads along can
              use as well. Unix sockets need no TLS. PgBouncer has no such setting.""")
          .row();

  /** How long the answers of auth_query are used again, for users and for unknown names. */
  public static final Setting<Duration> AUTH_QUERY_CACHE_TTL =
      row("auth_query_cache_ttl", SettingType.time())
          .defaultsTo("0")
          .zeroMeans("ask at every login")
          .doc(
              """
              How long the answers of auth_query are used again. A changed password may be refused
              that long, once; an old one may be accepted that long. That a name is unknown is kept
              for five seconds at most. PgBouncer has no such setting.""")
          .row();

  /** Whether our SCRAM logins to PostgreSQL are bound to their TLS connection. */
  public static final Setting<ChannelBinding> CHANNEL_BINDING =
      row("channel_binding", SettingType.word(ChannelBinding.class))
          .defaultsTo("prefer")
          .scopes(GLOBAL, DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Whether our SCRAM logins to PostgreSQL are bound to their TLS connection. With
              require a PostgreSQL that asks for anything but SCRAM-SHA-256-PLUS is not logged in
              to, as libpq does. PgBouncer has no such setting.""")
          .row();

  /** Whether SCRAM logins of clients are bound to their TLS connection. */
  public static final Setting<ChannelBinding> CLIENT_CHANNEL_BINDING =
      row("client_channel_binding", SettingType.word(ChannelBinding.class))
          .defaultsTo("prefer")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Whether SCRAM logins of clients are bound to their TLS connection. With prefer
              SCRAM-SHA-256-PLUS is offered beside SCRAM-SHA-256 where there is TLS; with require
              nothing else is, and SCRAM logins without TLS are refused. PgBouncer has no such
              setting.""")
          .row();

  /** How much later a failed login is answered where many have failed. */
  public static final Setting<Duration> LOGIN_FAILURE_DELAY =
      row("login_failure_delay", SettingType.time())
          .defaultsTo("1")
          .zeroMeans("answer at once")
          .doc(
              """
              How much later a failed login is answered once ten have failed from the same
              address, until one succeeds or none has failed for a minute. Connections from this
              machine are not slowed down. PgBouncer has no such setting.""")
          .row();

  /** Failed logins of one address after which it is refused. */
  public static final Setting<Integer> MAX_ADDRESS_FAILED_LOGINS =
      row("max_address_failed_logins", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("100")
          .zeroMeans("never refuse")
          .doc(
              """
              After so many failed logins an address from which nobody is logged in may try once
              a second, and is refused otherwise, until a login succeeds or none has failed for a
              minute. All of an IPv6 /64 is one address; this machine is never refused.
              PgBouncer has no such setting.""")
          .row();

  /** Connections of one address that have not logged in yet. */
  public static final Setting<Integer> MAX_ADDRESS_LOGIN_CONNECTIONS =
      row("max_address_login_connections", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("0")
          .zeroMeans("no limit")
          .doc(
              """
              Most connections of one address that have not logged in yet; more are refused. Set
              it where no address has many clients. All of an IPv6 /64 is one address; this
              machine has no limit. PgBouncer has no such setting.""")
          .row();

  /** Logins of one address in a second. */
  public static final Setting<Integer> MAX_ADDRESS_LOGINS_PER_SECOND =
      row("max_address_logins_per_second", SettingType.integer(0, Integer.MAX_VALUE))
          .defaultsTo("0")
          .zeroMeans("no limit")
          .doc(
              """
              Most logins of one address in a second, whether they succeed or not; more are
              refused. All of an IPv6 /64 is one address; this machine has no limit. PgBouncer
              has no such setting.""")
          .row();

  /** Time a password command may take. */
  public static final Setting<Duration> PASSWORD_EXEC_TIMEOUT =
      row("password_exec_timeout", SettingType.time())
          .defaultsTo("10")
          .scopes(GLOBAL, DATABASE)
          .zeroMeans("1 second")
          .doc(
              """
              How long the command of a password = exec:... may take, one second at least; it is
              killed then, and the password stays as it was. PgBouncer has no such setting.""")
          .row();

  /** Time after which a password command is run again. */
  public static final Setting<Duration> PASSWORD_EXEC_REFRESH =
      row("password_exec_refresh", SettingType.time())
          .defaultsTo("300")
          .scopes(GLOBAL, DATABASE)
          .zeroMeans("run at start and RELOAD only")
          .doc(
              """
              How long after its last success the command of a password = exec:... is run again;
              stay below the life of a token. After a failure it is run again sooner, at most ten
              seconds later, and so it is when PostgreSQL has refused a login. PgBouncer has no
              such setting.""")
          .row();

  /** From where connections come that begin with a PROXY header. */
  public static final Setting<List<String>> PROXY_PROTOCOL_NETWORKS =
      row("proxy_protocol_networks", SettingType.commaList())
          .defaultsTo("")
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Addresses and networks, such as 10.0.0.0/8, of TCP proxies that are trusted to say
              whose connections theirs are; unix means the Unix socket. Each of their connections
              must begin with a PROXY header of version 1 or 2; then rules, limits, logs and
              SHOW go by the address that it names. PgBouncer has no such setting.""")
          .row();

  /** Whether a connection to PostgreSQL asks for TLS, or begins with it. */
  public static final Setting<SslNegotiation> SERVER_TLS_SSLNEGOTIATION =
      row("server_tls_sslnegotiation", SettingType.word(SslNegotiation.class))
          .defaultsTo("postgres")
          .scopes(GLOBAL, DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Whether a connection to PostgreSQL asks for TLS, or begins with it. The word direct
              saves a round trip; it needs PostgreSQL 17 and a server_tls_sslmode of require or
              more. PgBouncer has no such setting.""")
          .row();

  /** When a client of session pooling gets its server. */
  public static final Setting<SessionLogin> SESSION_LOGIN =
      row("session_login", SettingType.word(SessionLogin.class))
          .defaultsTo("late")
          .scopes(GLOBAL, DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              When a client of session pooling gets its server. late: with its first query, from
              those that are free. early: during its login, a new one of its own, which is closed
              with it. The client's startup parameters and options then go to PostgreSQL unread,
              and it is told PostgreSQL's own process id, so that everything is as on a direct
              connection; pool_size and the other limits hold. Nothing in other pool modes.
              PgBouncer has no such setting.""")
          .row();

  /** Whether one connection per database listens for all clients. */
  public static final Setting<Boolean> SHARED_LISTEN =
      row("shared_listen", SettingType.bool())
          .defaultsTo("0")
          .scopes(GLOBAL, DATABASE)
          .doc(
              """
              Whether one connection per database listens for all of its clients in transaction
              and statement pooling, and hands each the notifications that it has asked for with
              LISTEN. LISTEN then leaves no session state behind. The connection counts in
              max_db_connections and max_user_connections, not in pool_size. PgBouncer has no such
              setting.""")
          .row();

  /** Most notifications that wait for one client, in bytes. */
  public static final Setting<Integer> LISTEN_QUEUE_SIZE =
      row("listen_queue_size", SettingType.bytes(8192))
          .defaultsTo("1048576")
          .doc(
              """
              Most bytes of notifications that wait for one client of shared_listen: one that does
              not read, or whose transaction lasts. Beyond that the client is disconnected, so that
              it knows that it has missed something. PgBouncer has no such setting.""")
          .row();

  /** Most bytes that the buffers of all connections may hold. */
  public static final Setting<Integer> MEMORY_LIMIT =
      row("memory_limit", SettingType.bytes(0))
          .defaultsTo("0")
          .doc(
              """
              Most bytes that the buffers of all connections may hold together: what was read and
              cannot be passed on yet. When an eighth is left, clients without a server are not read
              until a quarter is free again, and new logins are refused, except to the console. A
              client whose message is kept until it is whole is ended when it goes beyond. 0 stands
              for three quarters of the memory that Java gives to buffers, which is as much as its
              largest heap unless -XX:MaxDirectMemorySize says otherwise. SHOW MEM has what is
              used. PgBouncer has no such setting.""")
          .row();

  /** Event loops. */
  public static final Setting<Integer> WORKERS =
      row("workers", SettingType.integer(0, 256))
          .defaultsTo("1")
          .reload(RESTART)
          .doc(
              """
              Event loops, each a thread that serves its own connections; 0 is one for each core
              that the process may use. Limits are those of the whole process, however many there
              are. A pool with fewer than four servers for each loop is served by one loop alone.
              PgBouncer has one thread, and more only as several processes with limits of their
              own.""")
          .row();

  /** How the network is waited for. */
  public static final Setting<TransportChoice> TRANSPORT =
      row("transport", SettingType.word(TransportChoice.class))
          .defaultsTo("auto")
          .reload(RESTART)
          .doc(
              """
              How the network is waited for. auto is epoll on Linux, and nio elsewhere. io_uring has
              been measured slower here than epoll, through which plain connections need no channel
              of Netty's; it is there for kernels that do better. What the system does not have or
              forbids is replaced by what auto would choose, with a warning. Only epoll serves
              several workers. PgBouncer has no such setting.""")
          .row();

  /** What becomes of statements that leave state behind where servers are shared. */
  public static final Setting<StatePolicy> SESSION_STATE_POLICY =
      row("session_state_policy", SettingType.word(StatePolicy.class))
          .defaultsTo("reset")
          .scopes(GLOBAL, DATABASE, Scope.USER)
          .doc(
              """
              What becomes of statements that leave state in the session of a server (SET of a
              parameter that is not tracked, temporary tables, LISTEN, cursors WITH HOLD,
              session advisory locks, PREPARE, LOAD) in transaction and statement pooling.
              allow: nothing, as in PgBouncer. warn: a line in the log. reset: the server is
              cleaned before another client gets it. pin: the client keeps the server until
              the state is gone. reject: the statement fails. A user's policy wins over the
              database's, that over the global one. PgBouncer has no such setting.""")
          .row();

  // Keys of single databases, users and peers only.

  /** Name of the database in PostgreSQL. */
  public static final Setting<String> DBNAME =
      row("dbname", SettingType.text(63))
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Name of the database in PostgreSQL. It defaults to the name of the entry.""")
          .row();

  /**
   * Host of the PostgreSQL server or of the peer: a name, an address, or the directory of a Unix
   * socket.
   */
  public static final Setting<HostList> HOST =
      row("host", SettingType.hosts())
          .scopes(DATABASE, PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Host of the PostgreSQL server or of the peer: a name, an address, or the
              directory of a Unix socket. A database may name several, separated by commas;
              without one it uses unix_socket_dir.""")
          .row();

  /** Port of PostgreSQL, on all hosts of the list. */
  public static final Setting<Integer> PORT =
      row("port", SettingType.integer(1, 65535))
          .defaultsTo("5432")
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Port of PostgreSQL, on all hosts of the list.""")
          .row();

  /** User as whom all servers of the database log in, whoever the client is. */
  public static final Setting<String> DATABASE_USER =
      row("user", SettingType.text(127))
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              User as whom all servers of the database log in, whoever the client is. All
              clients then share one pool.""")
          .row();

  /** Password of user. */
  public static final Setting<PasswordSource> PASSWORD =
      row("password", SettingType.password())
          .scopes(DATABASE)
          .secret()
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Password of user. Without it the secret in auth_file is used. file:/path stands for
              what a file holds, exec:/program argument ... for what a command prints; a new
              password is used for new connections, without a reload. PgBouncer takes neither.""")
          .row();

  /** Most server connections of one pool of an entry. */
  public static final Setting<Integer> POOL_SIZE =
      row("pool_size", SettingType.integer(0, Integer.MAX_VALUE))
          .scopes(DATABASE, Scope.USER, PEER)
          .fallsBackTo(DEFAULT_POOL_SIZE)
          .zeroMeans("unlimited")
          .doc(
              """
              Most server connections of one pool of this entry, in place of default_pool_size. For
              a peer, it bounds the cancel requests on their way to it.""")
          .row();

  /** Query that runs on each new server before its first use. */
  public static final Setting<String> CONNECT_QUERY =
      row("connect_query", SettingType.text())
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Query that runs on each new server before its first use. It may hold several
              statements; its errors are only logged.""")
          .row();

  /**
   * How a host is chosen from the list: in turn for each connection, or the same one until it
   * fails.
   */
  public static final Setting<LoadBalanceHosts> LOAD_BALANCE_HOSTS =
      row("load_balance_hosts", SettingType.word(LoadBalanceHosts.class))
          .defaultsTo("round-robin")
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              How a host is chosen from the list: in turn for each connection, or the same one
              until it fails.""")
          .row();

  /** Value of client_encoding when a server logs in to PostgreSQL. */
  public static final Setting<String> CLIENT_ENCODING =
      row("client_encoding", SettingType.text())
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Value of client_encoding when a server logs in to PostgreSQL.""")
          .row();

  /** Value of DateStyle when a server logs in to PostgreSQL. */
  public static final Setting<String> DATESTYLE =
      row("datestyle", SettingType.text())
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Value of DateStyle when a server logs in to PostgreSQL.""")
          .row();

  /** Value of TimeZone when a server logs in to PostgreSQL. */
  public static final Setting<String> TIMEZONE =
      row("timezone", SettingType.text())
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Value of TimeZone when a server logs in to PostgreSQL.""")
          .row();

  /** Value of application_name when a server logs in to PostgreSQL. */
  public static final Setting<String> APPLICATION_NAME =
      row("application_name", SettingType.text())
          .scopes(DATABASE)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Value of application_name when a server logs in to PostgreSQL.""")
          .row();

  /** Port of the peer. */
  public static final Setting<Integer> PEER_PORT =
      row("port", SettingType.integer(1, 65535))
          .defaultsTo("6432")
          .scopes(PEER)
          .reload(NEW_CONNECTIONS)
          .doc(
              """
              Port of the peer.""")
          .row();

  private static final List<Setting<?>> EVERYWHERE = List.copyOf(TABLE);

  private static final List<Setting<?>> GLOBALS =
      EVERYWHERE.stream()
          .filter(setting -> setting.scopes().contains(GLOBAL))
          .<Setting<?>>map(setting -> setting)
          .toList();

  private static final Map<String, Setting<?>> BY_SCOPE_AND_NAME = byScopeAndName();

  private Settings() {}

  /** Lists the settings of the section {@code pgbouncer} in the order of SHOW CONFIG. */
  public static List<Setting<?>> all() {
    return GLOBALS;
  }

  /** Lists all rows: {@link #all()}, then those that only occur in entries. */
  public static List<Setting<?>> everywhere() {
    return EVERYWHERE;
  }

  /** Lists the rows that may be given in a scope. */
  public static List<Setting<?>> in(Scope scope) {
    return EVERYWHERE.stream()
        .filter(setting -> setting.scopes().contains(scope))
        .<Setting<?>>map(setting -> setting)
        .toList();
  }

  /** Finds a setting of the section {@code pgbouncer} by name or alias, case-sensitive. */
  public static @Nullable Setting<?> find(String name) {
    return find(name, GLOBAL);
  }

  /** Finds a setting by name or alias where it is known in a scope, case-sensitive. */
  public static @Nullable Setting<?> find(String name, Scope scope) {
    return BY_SCOPE_AND_NAME.get(scope.section() + '/' + name);
  }

  private static <T> SettingRow<T> row(String name, SettingType<T> type) {
    return new SettingRow<>(name, type, TABLE);
  }

  private static Map<String, Setting<?>> byScopeAndName() {
    Map<String, Setting<?>> map = new LinkedHashMap<>();
    for (Setting<?> setting : EVERYWHERE) {
      for (Scope scope : setting.scopes()) {
        put(map, scope, setting.name(), setting);
        setting.aliases().forEach(alias -> put(map, scope, alias, setting));
      }
    }
    return Map.copyOf(map);
  }

  private static void put(
      Map<String, Setting<?>> map, Scope scope, String name, Setting<?> setting) {
    Setting<?> twin = map.put(scope.section() + '/' + name, setting);
    if (twin != null) {
      throw new IllegalStateException(scope.section() + " knows two settings called " + name);
    }
  }
}
