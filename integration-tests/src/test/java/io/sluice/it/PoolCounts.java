package io.sluice.it;

import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireResult;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A console client that adds up what {@code SHOW POOLS} tells of one database. */
final class PoolCounts implements Closeable {
  private final WireClient console;
  private final String database;

  private PoolCounts(WireClient console, String database) {
    this.console = console;
    this.database = database;
  }

  /** Logs in to the console. */
  static PoolCounts of(SluiceProcess sluice, String database) throws IOException {
    return new PoolCounts(sluice.console(), database);
  }

  /** Returns the sum of a column over all pools of the database; 0 when it has no pool. */
  long sum(String column) throws IOException {
    WireResult pools = console.query("SHOW POOLS");
    List<@Nullable String> databases = pools.column("database");
    List<@Nullable String> values = pools.column(column);
    long sum = 0;
    for (int i = 0; i < values.size(); i++) {
      if (database.equals(databases.get(i))) {
        sum += Long.parseLong(String.valueOf(values.get(i)));
      }
    }
    return sum;
  }

  /** Waits until a column adds up to a number. */
  void await(String column, long count) throws Exception {
    Eventually.await(column + " = " + count + " of " + database, () -> sum(column) == count);
  }

  @Override
  public void close() throws IOException {
    console.close();
  }
}
