package io.sluice.demo;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The pooler's main job in one command: a PostgreSQL, the pooler before it, many clients over few
 * servers, and the proof.
 */
@Command(
    name = "sluice demo",
    description = "Shows many clients served by few connections, before a PostgreSQL of its own.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Demo implements Callable<Integer> {
  private final PrintStream out = System.out;

  @Mixin private DemoOptions options = new DemoOptions();

  /** Runs the demonstration. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      return show();
    } catch (IOException failed) {
      System.err.println("sluice demo: " + failed.getMessage());
      return 1;
    }
  }

  private int show() throws IOException, InterruptedException {
    out.println("Starting a PostgreSQL of its own …");
    PostgresOptions wanted = PostgresOptions.DEFAULT;
    if (!options.postgresVersion().isEmpty()) {
      wanted = wanted.version(options.postgresVersion());
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(wanted)) {
      prepare(postgres);
      out.printf("  PostgreSQL %s on port %d%n", postgres.version(), postgres.port());
      try (DemoPooler pooler = DemoPooler.start(postgres, options, out)) {
        out.printf("  Sluice on port %d, pool_mode = transaction%n%n", pooler.port());
        boolean good = load(postgres, pooler);
        if (!options.exits()) {
          stayUp(postgres, pooler);
        }
        return good ? 0 : 1;
      }
    }
  }

  private static void prepare(EmbeddedPostgres postgres) throws IOException {
    postgres.createRole(DemoPooler.USER);
    postgres.createDatabase(DemoPooler.DATABASE);
    postgres.query(
        DemoPooler.DATABASE,
        "CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL);"
            + " INSERT INTO account SELECT g, 0 FROM generate_series(1, 10000) g;"
            + " GRANT ALL ON account TO "
            + DemoPooler.USER);
  }

  private boolean load(EmbeddedPostgres postgres, DemoPooler pooler)
      throws IOException, InterruptedException {
    out.printf(
        "%d clients over a pool of %d for %d seconds:%n",
        options.clients(), options.poolSize(), options.seconds());
    DemoLoad load = new DemoLoad(pooler.address(), options.clients());
    try (ServerCount servers = ServerCount.watch(postgres, DemoPooler.USER)) {
      load.run(options.seconds(), new ProgressLine(out, load, servers));
      out.println();
      report(load, servers.most());
      table(pooler);
      return load.errors() == 0 && servers.most() <= options.poolSize();
    }
  }

  private void report(DemoLoad load, int mostServers) {
    Latencies latencies = load.latencies();
    out.printf("  throughput   %,.0f transactions/s%n", load.perSecond());
    out.printf(
        "  latency      p50 %.1f ms   p95 %.1f ms   p99 %.1f ms   max %.1f ms%n",
        latencies.percentileMs(50),
        latencies.percentileMs(95),
        latencies.percentileMs(99),
        latencies.maxMs());
    out.printf("  errors       %d%n", load.errors());
    if (load.firstError() != null) {
      out.printf("               %s%n", load.firstError());
    }
    out.printf(
        "  proof        pg_stat_activity never showed more than %d connections of the pool (limit"
            + " %d)%n%n",
        mostServers, options.poolSize());
  }

  private void table(DemoPooler pooler) throws IOException {
    try (WireClient console =
        WireClient.login(pooler.address(), WireLogin.of(DemoPooler.USER, "pgbouncer"))) {
      WireResult pools = console.query("SHOW POOLS");
      out.println("SHOW POOLS");
      TextTable.print(out, pools);
      out.println();
    }
  }

  private void stayUp(EmbeddedPostgres postgres, DemoPooler pooler) throws InterruptedException {
    WireAddress direct = postgres.tcp();
    out.println("Everything stays up. Look around:");
    out.printf(
        "  psql -h 127.0.0.1 -p %d -U %s %s          the database, through Sluice%n",
        pooler.port(), DemoPooler.USER, DemoPooler.DATABASE);
    out.printf(
        "  psql -h 127.0.0.1 -p %d -U %s pgbouncer    the console: SHOW POOLS, SHOW HELP%n",
        pooler.port(), DemoPooler.USER);
    out.printf("  (PostgreSQL itself listens on %s)%n", direct);
    out.println("Ctrl-C ends it and leaves nothing behind.");
    // Ctrl-C runs the shutdown hooks of the parts, which end them.
    new CountDownLatch(1).await();
  }
}
