package io.sluice.demo;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Asks PostgreSQL, over a connection of its own, how many connections the pool has. Thread-safe.
 */
final class ServerCount implements Closeable {
  private static final long PERIOD_MS = 20;

  private final WireClient direct;
  private final String query;
  private final Thread thread;
  private volatile boolean closed;
  private volatile int now;
  private volatile int most;

  private ServerCount(WireClient direct, String user) {
    this.direct = direct;
    this.query = "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user + "'";
    this.thread = new Thread(this::watch, "pg_stat_activity");
    this.thread.setDaemon(true);
  }

  /** Begins to watch the connections of a user. */
  static ServerCount watch(EmbeddedPostgres postgres, String user) throws IOException {
    ServerCount count = new ServerCount(postgres.login("postgres", "postgres"), user);
    count.thread.start();
    return count;
  }

  private void watch() {
    try {
      while (!closed) {
        now = (int) direct.query(query).number();
        most = Math.max(most, now);
        TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
      }
    } catch (IOException ended) {
      // PostgreSQL is being stopped.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The connections at the last look. */
  int now() {
    return now;
  }

  /** The most connections at any look. */
  int most() {
    return most;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    direct.close();
  }
}
