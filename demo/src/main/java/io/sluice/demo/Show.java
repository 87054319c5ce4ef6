package io.sluice.demo;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The course of the demonstration: set up, load, report, and stay. Confined to its thread. */
final class Show {
  /** What PostgreSQL accepts beyond the pool: for superusers, for us, and for a look by hand. */
  private static final int SPARE_CONNECTIONS = 10;

  private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** SHOW POOLS has 17 columns; these fit on a screen. */
  private static final List<String> POOL_COLUMNS =
      List.of(
          "database",
          "user",
          "cl_active",
          "cl_waiting",
          "sv_active",
          "sv_idle",
          "sv_used",
          "sv_login",
          "maxwait",
          "pool_mode");

  private final DemoOptions options;
  private final Stage stage;
  private final Screen screen;

  Show(DemoOptions options, Stage stage, Screen screen) {
    this.options = options;
    this.stage = stage;
    this.screen = screen;
  }

  /** Runs the demonstration; returns whether everything was as it should. */
  boolean run() throws IOException, InterruptedException {
    say("Sluice: %d clients over %d server connections", options.clientCount, options.poolSize);
    screen.line("");
    EmbeddedPostgres postgres = startPostgres();
    Pooler pooler = startPooler(postgres);
    ServerWatch watch = stage.add(ServerWatch.open(postgres));
    Load load = stage.add(new Load(pooler, options.clientCount));
    load.connect();
    say("  %-11s %,d connected", "Clients", options.clientCount);
    WireResult pools = work(pooler, watch, load);
    boolean good = report(postgres, watch, load);
    screen.line("");
    screen.line("SHOW POOLS, on Sluice's console, while they worked");
    TextTable.lines(pools, POOL_COLUMNS).forEach(line -> screen.line("  " + line));
    if (!options.isExiting) {
      stay(postgres, pooler);
    }
    return good;
  }

  private EmbeddedPostgres startPostgres() throws IOException {
    int maxConnections = options.poolSize + SPARE_CONNECTIONS;
    screen.progress("  PostgreSQL starts ...");
    EmbeddedPostgres postgres =
        stage.add(
            EmbeddedPostgres.start(
                PostgresOptions.DEFAULT
                    .version(options.postgresVersion)
                    .maxConnections(maxConnections)));
    postgres.createRole(Pooler.NAME);
    postgres.createDatabase(Pooler.NAME);
    postgres.query(
        Pooler.NAME,
        "CREATE TABLE account AS SELECT id, 0 AS balance FROM generate_series(0, "
            + (Load.ACCOUNTS - 1)
            + ") AS id; ALTER TABLE account ADD PRIMARY KEY (id); GRANT ALL ON account TO "
            + Pooler.NAME);
    progressDone(
        "  %-11s %s on 127.0.0.1:%d, max_connections = %d",
        "PostgreSQL", postgres.version(), postgres.port(), maxConnections);
    return postgres;
  }

  private Pooler startPooler(EmbeddedPostgres postgres) throws IOException, InterruptedException {
    screen.progress("  Sluice starts ...");
    Pooler pooler = stage.add(Pooler.start(options, postgres));
    pooler.awaitAnswer();
    if (pooler.port() != options.port) {
      progressDone("  port %d is taken: Sluice listens on %d instead", options.port, pooler.port());
    }
    progressDone(
        "  %-11s on 127.0.0.1:%d, pool_mode = transaction, default_pool_size = %d",
        "Sluice", pooler.port(), options.poolSize);
    return pooler;
  }

  /** Lets the clients work and returns what SHOW POOLS said in the middle of it. */
  private WireResult work(Pooler pooler, ServerWatch watch, Load load)
      throws IOException, InterruptedException {
    screen.line("");
    WireResult pools = null;
    long startNs = System.nanoTime();
    load.begin();
    for (int second = 1; second <= options.seconds; second++) {
      long before = load.latency().count();
      long servers = watchUntil(startNs + TimeUnit.SECONDS.toNanos(second), watch);
      load.refuseFailure();
      screen.progress(
          text(
              "  %2d of %d s  %,9d transactions/s  p95 %5.1f ms  %d server connections",
              second,
              options.seconds,
              load.latency().count() - before,
              ms(load.latency().percentileNs(95)),
              servers));
      if (pools == null && second * 2 >= options.seconds) {
        pools = showPools(pooler);
      }
    }
    load.end();
    return pools == null ? showPools(pooler) : pools;
  }

  private static long watchUntil(long endNs, ServerWatch watch)
      throws IOException, InterruptedException {
    long servers = watch.look();
    for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(leftNs, LOOK_EVERY_NS));
      servers = watch.look();
    }
    return servers;
  }

  private static WireResult showPools(Pooler pooler) throws IOException {
    try (WireClient console = pooler.login("pgbouncer")) {
      return console.query("SHOW POOLS");
    }
  }

  private boolean report(EmbeddedPostgres postgres, ServerWatch watch, Load load)
      throws IOException {
    LatencyHistogram latency = load.latency();
    long balance = postgres.query(Pooler.NAME, "SELECT sum(balance) FROM account").number();
    boolean few = watch.max() <= options.poolSize;
    boolean exact = balance == load.updateCount();
    screen.line("");
    screen.line("What the clients saw");
    say(
        "  %,d transactions in %d s: %,d a second, no errors",
        latency.count(), options.seconds, latency.count() / options.seconds);
    say(
        "  latency: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms",
        ms(latency.percentileNs(50)),
        ms(latency.percentileNs(95)),
        ms(latency.percentileNs(99)),
        ms(latency.maxNs()));
    screen.line("");
    screen.line("What PostgreSQL saw");
    say(
        "  %s pg_stat_activity, counted %d times: never more than %d connections (limit %d)",
        mark(few), watch.lookCount(), watch.max(), options.poolSize);
    say(
        "  %s %,d transfers committed, %,d found in the table",
        mark(exact), load.updateCount(), balance);
    return few && exact;
  }

  private void stay(EmbeddedPostgres postgres, Pooler pooler) throws InterruptedException {
    String user = "psql -h 127.0.0.1 -p " + pooler.port() + " -U " + Pooler.NAME;
    screen.line("");
    screen.line("Look around, from another terminal; Ctrl-C here ends everything");
    say("  %-48s the database, through Sluice", user + " " + Pooler.NAME);
    say("  %-48s Sluice's console: SHOW HELP; SHOW STATS;", user + " pgbouncer");
    say(
        "  %-48s PostgreSQL itself",
        "psql -h 127.0.0.1 -p " + postgres.port() + " -U postgres " + Pooler.NAME);
    say("  %s/  sluice.ini and sluice.log", pooler.directory());
    new CountDownLatch(1).await();
  }

  private void progressDone(String format, Object... values) {
    screen.replace(text(format, values));
  }

  private void say(String format, Object... values) {
    screen.line(text(format, values));
  }

  private static String mark(boolean good) {
    return good ? "ok " : "BAD";
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static double ms(long durationNs) {
    return durationNs / 1e6;
  }
}
