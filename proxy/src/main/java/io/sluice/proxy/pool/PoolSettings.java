package io.sluice.proxy.pool;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ChannelBinding;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SessionLogin;
import io.sluice.config.value.StatePolicy;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.net.SocketTuning;
import io.sluice.proxy.tls.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool with every override resolved: user above database above global. Made at
 * load and reload, so that nothing on the way of a query looks a setting up. Immutable; times in
 * nanoseconds, 0 for "no limit".
 */
public record PoolSettings(
    PoolMode mode,
    boolean linksEarly,
    int poolSize,
    int minPoolSize,
    int reserveSize,
    long reserveTimeoutNs,
    int maxDbConnections,
    int maxUserConnections,
    long queryTimeoutNs,
    long waitingQueryTimeoutNs,
    long queryWaitNotifyNs,
    long idleTransactionTimeoutNs,
    long transactionTimeoutNs,
    long serverLifetimeNs,
    long serverIdleTimeoutNs,
    long connectTimeoutNs,
    long loginRetryNs,
    long checkDelayNs,
    String checkQuery,
    String resetQuery,
    boolean resetsAlways,
    boolean roundRobin,
    boolean fastClose,
    int maxPreparedStatements,
    int maxClientStatements,
    StatePolicy statePolicy,
    boolean cancelsAbandoned,
    boolean sharesListening,
    int listenQueueBytes,
    int maxPacketSize,
    long poolIdleTimeoutNs,
    TlsSettings serverTls,
    ChannelBinding channelBinding,
    SocketTuning tuning) {

  /** The word that stands for an empty query in server_check_query. */
  private static final String EMPTY_QUERY = "<empty>";

  /** Resolves the settings of a pool; the user is the one that servers log in as. */
  public static PoolSettings of(
      ProxyConfig config, DatabaseConfig database, @Nullable UserConfig user) {
    Cascade cascade =
        new Cascade(config.values(), database.values(), user == null ? null : user.values());
    Values global = config.values();
    return new PoolSettings(
        cascade.choose(Settings.POOL_MODE),
        cascade.linksEarly(),
        cascade.size(Settings.POOL_SIZE, Settings.DEFAULT_POOL_SIZE),
        cascade.size(Settings.MIN_POOL_SIZE, Settings.MIN_POOL_SIZE),
        cascade.size(Settings.RESERVE_POOL_SIZE, Settings.RESERVE_POOL_SIZE),
        ns(global.get(Settings.RESERVE_POOL_TIMEOUT)),
        cascade.limit(Settings.MAX_DB_CONNECTIONS),
        cascade.limit(Settings.MAX_USER_CONNECTIONS),
        cascade.time(Settings.QUERY_TIMEOUT),
        ns(global.get(Settings.QUERY_TIMEOUT)),
        ns(global.get(Settings.QUERY_WAIT_NOTIFY)),
        cascade.time(Settings.IDLE_TRANSACTION_TIMEOUT),
        cascade.time(Settings.TRANSACTION_TIMEOUT),
        cascade.time(Settings.SERVER_LIFETIME),
        ns(global.get(Settings.SERVER_IDLE_TIMEOUT)),
        ns(global.get(Settings.SERVER_CONNECT_TIMEOUT)),
        ns(global.get(Settings.SERVER_LOGIN_RETRY)),
        ns(global.get(Settings.SERVER_CHECK_DELAY)),
        global.get(Settings.SERVER_CHECK_QUERY),
        global.get(Settings.SERVER_RESET_QUERY),
        global.get(Settings.SERVER_RESET_QUERY_ALWAYS),
        global.get(Settings.SERVER_ROUND_ROBIN),
        global.get(Settings.SERVER_FAST_CLOSE),
        global.get(Settings.MAX_PREPARED_STATEMENTS),
        global.get(Settings.MAX_CLIENT_PREPARED_STATEMENTS),
        cascade.choose(Settings.SESSION_STATE_POLICY),
        cascade.choose(Settings.CANCEL_ON_DISCONNECT),
        cascade.choose(Settings.SHARED_LISTEN)
            && cascade.choose(Settings.POOL_MODE) != PoolMode.SESSION,
        global.get(Settings.LISTEN_QUEUE_SIZE),
        packetLimit(global),
        ns(global.get(Settings.POOL_IDLE_TIMEOUT)),
        TlsSettings.forServers(global, database.values()),
        cascade.choose(Settings.CHANNEL_BINDING),
        tuning(global));
  }

  /** How many servers there are to be at least: min_pool_size, but never more than pool_size. */
  int fewest() {
    return poolSize > 0 ? Math.min(minPoolSize, poolSize) : minPoolSize;
  }

  /** The largest length field that is accepted. */
  public static int packetLimit(Values global) {
    return global.get(Settings.MAX_PACKET_SIZE);
  }

  /** Says whether clients of a pool get a server of their own at login: {@link #linksEarly}. */
  public static boolean linksEarly(
      ProxyConfig config, DatabaseConfig database, @Nullable UserConfig user) {
    return new Cascade(config.values(), database.values(), user == null ? null : user.values())
        .linksEarly();
  }

  /** Socket options of connections to clients and to servers. */
  public static SocketTuning tuning(Values global) {
    return new SocketTuning(
        global.get(Settings.TCP_KEEPALIVE),
        global.get(Settings.TCP_KEEPIDLE),
        global.get(Settings.TCP_KEEPINTVL),
        global.get(Settings.TCP_KEEPCNT),
        global.get(Settings.TCP_USER_TIMEOUT),
        global.get(Settings.TCP_SOCKET_BUFFER),
        global.get(Settings.SBUF_LOOPCNT));
  }

  /** Nanoseconds of a duration, without overflow. */
  public static long ns(Duration duration) {
    return duration.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 4 : duration.toNanos();
  }

  /** Says whether idle servers are checked before they are used. */
  public boolean checksServers() {
    return !checkQuery.isEmpty();
  }

  /** The statement that checks a server. */
  public String checkStatement() {
    return checkQuery.equals(EMPTY_QUERY) ? "" : checkQuery;
  }

  /** Says whether what a client has left in a server is taken away before the next one. */
  public boolean cleansState() {
    return isShared() && statePolicy.compareTo(StatePolicy.RESET) >= 0;
  }

  /** Says whether a client keeps its server while it needs what it has left there. */
  public boolean pinsState() {
    return isShared() && statePolicy == StatePolicy.PIN;
  }

  /** Says whether statements that leave state behind fail. */
  public boolean rejectsState() {
    return isShared() && statePolicy == StatePolicy.REJECT;
  }

  /** Says whether statements that leave state behind are logged. */
  public boolean warnsOfState() {
    return isShared() && statePolicy == StatePolicy.WARN;
  }

  private boolean isShared() {
    return mode != PoolMode.SESSION;
  }

  /** Says whether servers are reset when their client leaves them. */
  public boolean resetsServers() {
    return !resetQuery.isEmpty() && (mode == PoolMode.SESSION || resetsAlways);
  }

  /** The one place where overrides are resolved. */
  private record Cascade(Values global, Values database, @Nullable Values user) {
    <T> T choose(Setting<T> setting) {
      if (user != null && user.isSet(setting)) {
        return user.get(setting);
      }
      return database.isSet(setting) ? database.get(setting) : global.get(setting);
    }

    /** Session pooling, and session_login = early. */
    boolean linksEarly() {
      return choose(Settings.SESSION_LOGIN) == SessionLogin.EARLY
          && choose(Settings.POOL_MODE) == PoolMode.SESSION;
    }

    /** A size: below zero means "inherit". */
    int size(Setting<Integer> override, Setting<Integer> fallback) {
      if (user != null && user.isSet(override) && user.get(override) >= 0) {
        return user.get(override);
      }
      if (database.isSet(override) && database.get(override) >= 0) {
        return database.get(override);
      }
      return global.get(fallback);
    }

    /** A limit: zero or less means "inherit". */
    int limit(Setting<Integer> setting) {
      if (user != null && user.isSet(setting) && user.get(setting) > 0) {
        return user.get(setting);
      }
      if (database.isSet(setting) && database.get(setting) > 0) {
        return database.get(setting);
      }
      return global.get(setting);
    }

    /** A time: zero means "inherit". */
    long time(Setting<Duration> setting) {
      if (user != null && user.isSet(setting) && !user.get(setting).isZero()) {
        return ns(user.get(setting));
      }
      if (database.isSet(setting) && !database.get(setting).isZero()) {
        return ns(database.get(setting));
      }
      return ns(global.get(setting));
    }
  }
}
