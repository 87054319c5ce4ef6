package io.sluice.it;

import io.sluice.demo.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database that one test has for itself, so that it may count who is connected to it.
 *
 * @param postgres where it is
 * @param name its name
 */
record TestDatabase(EmbeddedPostgres postgres, String name) {
  private static final AtomicInteger LAST = new AtomicInteger();

  /** Makes an empty database. */
  static TestDatabase create(EmbeddedPostgres postgres) throws IOException {
    String name = "it_" + LAST.incrementAndGet();
    postgres.createDatabase(name);
    return new TestDatabase(postgres, name);
  }

  /** Returns how many connections PostgreSQL has to this database. */
  long connections() throws IOException {
    return connections("true");
  }

  /** Returns how many connections to this database fulfil a condition on pg_stat_activity. */
  long connections(String condition) throws IOException {
    return postgres
        .query(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND datname = '"
                + name
                + "' AND ("
                + condition
                + ")")
        .number();
  }

  /** Waits until so many connections are left. */
  void awaitConnections(long count) throws Exception {
    Eventually.await(
        count + " connections to " + name + " in pg_stat_activity", () -> connections() == count);
  }

  /** Waits until so many connections run a statement of this text. */
  void awaitRunning(String sql, long count) throws Exception {
    String condition = "state = 'active' AND query = '" + sql.replace("'", "''") + "'";
    Eventually.await(count + " x " + sql, () -> connections(condition) == count);
  }
}
