package io.sluice.proxy.lifecycle;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.setting.Setting;
import io.sluice.config.value.Values;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.server.ServerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A proxy whose configuration is a file, so that it can be changed and read again. */
final class TestProxy implements AutoCloseable {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);

  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path directory;
  private final Proxy proxy;

  private TestProxy(Path directory, String databases, String settings) throws IOException {
    this.directory = directory;
    users("alice", "bob", "carol");
    configure(databases, settings);
    Source source = new Source(file());
    Result result = source.load();
    if (!(result instanceof Result.Loaded loaded)) {
      throw new IllegalArgumentException(((Result.Refused) result).problems().toString());
    }
    proxy = new Proxy(loaded.config(), source, -1);
    proxy.start();
  }

  /** Starts a proxy in transaction mode with databases and more settings, a line each. */
  static TestProxy start(Path directory, String databases, String settings) throws IOException {
    return new TestProxy(directory, databases, settings);
  }

  private record Source(Path file) implements ConfigSource {
    @Override
    public Result load() {
      return ConfigLoader.load(file, Map.of());
    }

    @Override
    public void reopenLog(Values values) {}
  }

  /** Writes the configuration anew. */
  void configure(String databases, String settings) throws IOException {
    Files.writeString(
        file(),
        """
        [databases]
        %s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = 0
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = transaction
        server_tls_sslmode = disable
        %s
        """
            .formatted(databases, userList(), settings));
  }

  /** Writes the user list anew. */
  void users(String... names) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append('"').append(name).append("\" \"secret\"\n");
    }
    Files.writeString(userList(), text);
  }

  Path file() {
    return directory.resolve("proxy.ini");
  }

  Path userList() {
    return directory.resolve("users.txt");
  }

  /** Configures and reloads; null when all is in force. */
  @Nullable String reload(String databases, String settings) throws IOException {
    configure(databases, settings);
    return reload();
  }

  /** Sets a setting as the console does; {@code null} as text when it is in force, else why not. */
  String set(Setting<?> setting, String text) {
    return RunningProxy.set(proxy, setting, text);
  }

  /** Reloads; null when all is in force. */
  @Nullable String reload() {
    CompletableFuture<Optional<String>> told = new CompletableFuture<>();
    proxy.reload(failure -> told.complete(Optional.ofNullable(failure)));
    return told.orTimeout(PATIENCE_NS, TimeUnit.NANOSECONDS).join().orElse(null);
  }

  Proxy proxy() {
    return proxy;
  }

  int port() {
    return proxy.port();
  }

  TestClient login(String database, String user) throws IOException {
    return TestClient.login(port(), database, user);
  }

  TestClient start(String database, String user) throws IOException {
    return TestClient.start(port(), database, user);
  }

  /** Looks at something on the first loop, while the others stand still. */
  <T> T onLoop(Supplier<T> look) {
    CompletableFuture<T> seen = new CompletableFuture<>();
    proxy
        .pools()
        .loop()
        .execute(
            () -> {
              try {
                seen.complete(proxy.workers().loops().alone(look));
              } catch (RuntimeException | AssertionError failed) {
                seen.completeExceptionally(failed);
              }
            });
    return seen.join();
  }

  /** Does something on the loop. */
  void run(Runnable action) {
    onLoop(
        () -> {
          action.run();
          return true;
        });
  }

  /** A number of a pool, summed up over all loops. */
  private int sum(String database, String user, ToIntFunction<Pool> number) {
    PoolKey key = new PoolKey(database, user);
    return onLoop(
        () ->
            proxy.workers().pools().stream()
                .filter(pool -> pool.key().equals(key))
                .mapToInt(number)
                .sum());
  }

  /** How many servers a pool has in a state. */
  int servers(String database, String user, ServerState state) {
    return sum(database, user, pool -> pool.lane().servers(state).size());
  }

  int serverCount(String database, String user) {
    return sum(database, user, pool -> pool.lane().serverCount());
  }

  int waiting(String database, String user) {
    return sum(database, user, pool -> pool.lane().waiters().size());
  }

  int waitingGuests(String database, String user) {
    return sum(database, user, pool -> pool.lane().guests().size());
  }

  /** On how many loops there is a pool. */
  int loopsOf(String database, String user) {
    return sum(database, user, pool -> 1);
  }

  /** Waits until something holds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come true: " + what);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  @Override
  public void close() throws IOException {
    proxy.shutDownNow();
    try {
      proxy.awaitEnd();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
