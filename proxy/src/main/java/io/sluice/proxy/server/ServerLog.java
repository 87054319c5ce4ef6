package io.sluice.proxy.server;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.proxy.guard.LineBudget;
import org.jspecify.annotations.Nullable;

/**
 * Which lines the log has about some servers. Thread-safe.
 *
 * <p>What auth_query asks PostgreSQL is brought about by strangers: with a database entry {@code *}
 * they choose the names of the databases that are tried. There may be only so many lines about
 * that.
 */
public final class ServerLog {
  private static final int BURST_LINES = 100;

  private final @Nullable LineBudget budget;
  private volatile boolean logsConnections = true;
  private volatile boolean logsDisconnections = true;

  private ServerLog(@Nullable LineBudget budget) {
    this.budget = budget;
  }

  /** For servers of clients. */
  public static ServerLog ofClients() {
    return new ServerLog(null);
  }

  /** For servers of auth_query. */
  public static ServerLog ofLookups() {
    return new ServerLog(new LineBudget("auth_query", BURST_LINES));
  }

  /** Takes log_connections and log_disconnections. */
  public void configure(Values values) {
    logsConnections = values.get(Settings.LOG_CONNECTIONS);
    logsDisconnections = values.get(Settings.LOG_DISCONNECTIONS);
  }

  /** Says whether a new connection may be logged. */
  boolean mayLogOpening(long nowNs) {
    return logsConnections && mayLog(nowNs);
  }

  /** Says whether the end of a connection may be logged. */
  boolean mayLogClosing(long nowNs) {
    return logsDisconnections && mayLog(nowNs);
  }

  /** Says whether anything else may be logged. */
  public boolean mayLog(long nowNs) {
    LineBudget limited = budget;
    return limited == null || limited.take(nowNs);
  }
}
