package io.sluice.proxy.admin;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import io.sluice.proxy.lifecycle.ConfigSource;
import io.sluice.proxy.lifecycle.ConsoleActions;
import io.sluice.proxy.lifecycle.Proxy;
import java.io.IOException;
import java.util.function.Function;

/**
 * A pooler on a free port of this machine, with a console and no PostgreSQL. {@code boss} is its
 * administrator; everybody else may see statistics.
 */
final class RunningConsole implements AutoCloseable {
  static final String BOSS = "boss";
  static final String WATCHER = "watcher";

  private static final String CONFIG =
      """
      [pgbouncer]
      listen_addr = 127.0.0.1
      listen_port = 0
      unix_socket_dir =
      auth_type = any
      admin_users = boss
      [databases]
      app = host=127.0.0.1 port=1 user=app
      many = host=127.0.0.1,127.0.0.2 port=1 user=app pool_size=3 pool_mode=transaction
      [users]
      app = pool_size=7
      """;

  final Proxy proxy;

  /** What the next reload finds. */
  volatile String text = CONFIG;

  private RunningConsole(Function<Proxy, ConsoleActions> actions) throws IOException {
    Result.Loaded loaded = (Result.Loaded) ConfigLoader.parseText(CONFIG);
    proxy = new Proxy(loaded.config(), new Source(), -1);
    if (actions.apply(proxy) instanceof RecordedActions recorded) {
      recorded.proxy = proxy;
    }
    proxy.setConsole(made -> Console.open(made.workers(), actions.apply(made)));
    proxy.start();
  }

  static RunningConsole start() throws IOException {
    return new RunningConsole(Proxy::actions);
  }

  /** A console whose commands go elsewhere. */
  static RunningConsole start(ConsoleActions actions) throws IOException {
    return new RunningConsole(proxy -> actions);
  }

  Wire login(String user) throws IOException {
    return Wire.login(proxy.port(), user);
  }

  @Override
  public void close() {
    proxy.shutDownNow();
    try {
      proxy.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the configuration from a text. */
  private final class Source implements ConfigSource {
    @Override
    public Result load() {
      return ConfigLoader.parseText(text);
    }

    @Override
    public void reopenLog(Values values) {}
  }
}
