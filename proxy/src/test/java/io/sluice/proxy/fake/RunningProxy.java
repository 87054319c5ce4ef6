package io.sluice.proxy.fake;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.setting.Setting;
import io.sluice.config.value.Values;
import io.sluice.proxy.admin.Console;
import io.sluice.proxy.lifecycle.ConfigSource;
import io.sluice.proxy.lifecycle.Proxy;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A proxy on a real loop in front of a {@link FakePostgres}: one database, one server. */
public final class RunningProxy implements AutoCloseable {
  private static final int PATIENCE_S = 10;

  private final FakePostgres postgres = FakePostgres.start();
  private final Proxy proxy;

  /** Starts a proxy in transaction mode, with settings ({@code name = value}) of its own. */
  public RunningProxy(String... settings) throws IOException {
    String text =
        """
        [databases]
        db = host=127.0.0.1 port=%d user=app
        own = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = 0
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 1
        server_tls_sslmode = disable
        """
            .formatted(postgres.port(), postgres.port());
    Result result = ConfigLoader.parseText(text + String.join("\n", settings) + "\n");
    if (!(result instanceof Result.Loaded loaded)) {
      throw new IllegalArgumentException(((Result.Refused) result).problems().toString());
    }
    proxy = new Proxy(loaded.config(), new Fixed(result), -1);
    proxy.start();
  }

  /** Never changes. */
  private record Fixed(Result result) implements ConfigSource {
    @Override
    public Result load() {
      return result;
    }

    @Override
    public void reopenLog(Values values) {}
  }

  /** Lets clients log in to the console as well. */
  public void openConsole() {
    openConsole(proxy);
  }

  /** The same for any proxy of this process. */
  public static void openConsole(Proxy proxy) {
    Runnable open = () -> proxy.setConsole(made -> Console.open(made.workers(), made.actions()));
    CompletableFuture.runAsync(open, proxy.pools().loop().loop()).join();
  }

  public Proxy proxy() {
    return proxy;
  }

  public FakePostgres postgres() {
    return postgres;
  }

  /** A connection that has said nothing yet. */
  public Peer connect() throws IOException {
    return Peer.connect(proxy.port());
  }

  /** A client that has sent its StartupMessage, with more parameters in pairs. */
  public Peer start(String... more) throws IOException {
    Peer client = connect();
    String[] parameters = new String[more.length + 4];
    System.arraycopy(new String[] {"user", "app", "database", "db"}, 0, parameters, 0, 4);
    System.arraycopy(more, 0, parameters, 4, more.length);
    client.send(Wire.startup(parameters));
    return client;
  }

  /** A client that is logged in; a server must have logged in before. */
  public Peer login(String... more) throws IOException {
    Peer client = start(more);
    client.readTo('Z');
    return client;
  }

  /** The first client and the first server, both logged in. */
  public Pair loginFirst(String... more) throws IOException {
    Peer client = start(more);
    Peer server = postgres.login();
    client.readTo('Z');
    return new Pair(client, server);
  }

  /** A client that is logged in, and the server that its first query brings about. */
  public Pair loginAgain() throws IOException {
    Peer client = login();
    client.send(Wire.query("select 0"));
    Peer server = postgres.login();
    server.read();
    server.send(Wire.complete("SELECT 0"), Wire.ready('I'));
    client.readTo('Z');
    return new Pair(client, server);
  }

  /** Closes the server's end, and waits until the proxy knows. */
  public void loseServer(Peer server) throws IOException {
    server.close();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (onLoop(() -> proxy.pools().all().stream().anyMatch(p -> p.lane().serverCount() > 0))) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the proxy keeps a server that is gone");
      }
      Thread.onSpinWait();
    }
  }

  /** Both ends. */
  public record Pair(Peer client, Peer server) {}

  /** Sets a setting as the console does; {@code null} as text when it is in force, else why not. */
  public String set(Setting<?> setting, String text) {
    return set(proxy, setting, text);
  }

  /** Does the same to any proxy of this process. */
  public static String set(Proxy proxy, Setting<?> setting, String text) {
    CompletableFuture<String> told = new CompletableFuture<>();
    Runnable order =
        () -> proxy.actions().set(setting, text, failure -> told.complete(String.valueOf(failure)));
    proxy.pools().loop().execute(order);
    return told.orTimeout(15, TimeUnit.SECONDS).join();
  }

  /** Looks at something on the proxy's loop. */
  public <T> T onLoop(Supplier<T> look) {
    CompletableFuture<T> seen = new CompletableFuture<>();
    proxy.pools().loop().execute(() -> seen.complete(look.get()));
    return seen.join();
  }

  @Override
  public void close() throws IOException {
    proxy.shutDownNow();
    try {
      proxy.awaitEnd();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    postgres.close();
  }
}
