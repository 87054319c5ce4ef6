package io.sluice.benchmarks;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.lifecycle.Proxy;
import io.sluice.proxy.pool.Lane;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.pool.Waiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A pooler without clients, in front of a PostgreSQL that says nothing.
 *
 * @param postgres where its server logs in
 */
record IdlePooler(SilentPostgres postgres, Proxy proxy) {
  /** Starts both. */
  static IdlePooler start() {
    try {
      SilentPostgres postgres = SilentPostgres.start();
      Proxy proxy = proxy(postgres.port());
      proxy.start();
      return new IdlePooler(postgres, proxy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Proxy proxy(int port) {
    Result result =
        ConfigLoader.parseText(
            """
            [databases]
            db = host=127.0.0.1 port=%d user=app
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = 0
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            server_tls_sslmode = disable
            """
                .formatted(port));
    if (!(result instanceof Result.Loaded loaded)) {
      throw new IllegalStateException(((Result.Refused) result).problems().toString());
    }
    return new Proxy(loaded.config(), new FixedConfig(result), -1);
  }

  /** Opens the pool and has somebody wait for its first server. */
  Lane openLane(Waiter waiter) {
    Pools pools = proxy.pools();
    Database database = pools.catalog().findDatabase("db", pools.loop().nowNs());
    User user = pools.catalog().openUser("app");
    Lane lane = pools.open(Objects.requireNonNull(database), user).lane();
    lane.enqueue(waiter);
    return lane;
  }

  /** Takes a step on the event loop. */
  <T> T onLoop(Supplier<T> step) {
    CompletableFuture<T> done = new CompletableFuture<>();
    proxy.pools().loop().execute(() -> done.complete(step.get()));
    return done.join();
  }

  /** Ends both. */
  void close() throws IOException, InterruptedException {
    proxy.shutDownNow();
    proxy.awaitEnd();
    postgres.close();
  }
}
