package io.sluice.demo;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import java.io.Closeable;
import java.io.IOException;

/**
 * Looks at PostgreSQL itself, past the pooler: how many connections does the demonstration's user
 * have? Not thread-safe.
 */
final class ServerWatch implements Closeable {
  private static final String COUNT =
      "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + Pooler.NAME + "'";

  private final WireClient direct;
  private long max;
  private int looks;

  private ServerWatch(WireClient direct) {
    this.direct = direct;
  }

  /** Connects as the superuser. */
  static ServerWatch open(EmbeddedPostgres postgres) throws IOException {
    return new ServerWatch(postgres.login("postgres", "postgres"));
  }

  /** Counts the connections now. */
  long look() throws IOException {
    long count = direct.query(COUNT).number();
    max = Math.max(max, count);
    looks++;
    return count;
  }

  /** Returns the most connections that were ever seen. */
  long max() {
    return max;
  }

  /** Returns how often they were counted. */
  int lookCount() {
    return looks;
  }

  @Override
  public void close() throws IOException {
    direct.close();
  }
}
