package io.sluice.proxy.admin.show;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PoolMode;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.pool.PoolSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SHOW DATABASES: entries, the limits that rule them and how many connections they have. */
public final class ShowDatabases implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("name", "host")
          .andInt4("port")
          .andText("database", "force_user")
          .andInt4("pool_size", "min_pool_size", "reserve_pool_size", "server_lifetime")
          .andText("pool_mode", "load_balance_hosts")
          .andInt4(
              "max_connections",
              "current_connections",
              "max_client_connections",
              "current_client_connections",
              "paused",
              "disabled")
          .list();

  /** What PgBouncer gives the console's pool; nothing is ever in it. */
  private static final int CONSOLE_POOL_SIZE = 2;

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    boolean consoleDone = false;
    for (Database database : view.databases()) {
      if (!consoleDone && database.name().compareTo(Front.CONSOLE) > 0) {
        consoleRow(table, view);
        consoleDone = true;
      }
      if (!isHidden(database, view)) {
        row(table, database, view);
      }
    }
    if (!consoleDone) {
      consoleRow(table, view);
    }
  }

  /** Databases made from {@code *} show while somebody uses them. */
  private static boolean isHidden(Database database, ProxyView view) {
    return database.isAutomatic()
        && database.clients().used() == 0
        && database.servers().used() == 0
        && view.allPools().stream()
            .noneMatch(pool -> pool.database().name().equals(database.name()));
  }

  private static void row(ShowTable table, Database database, ProxyView view) {
    DatabaseConfig config = database.config();
    PoolSettings settings = PoolSettings.of(view.clients().config(), config, null);
    PoolMode mode = config.values().find(Settings.POOL_MODE);
    table.row(
        database.name(),
        config.hosts().isEmpty() ? null : config.hosts().text(),
        config.port(),
        config.dbname(),
        config.user(),
        settings.poolSize(),
        settings.minPoolSize(),
        settings.reserveSize(),
        Times.seconds(settings.serverLifetimeNs()),
        mode == null ? null : mode.word(),
        loadBalancing(config),
        settings.maxDbConnections(),
        database.servers().used(),
        maxClients(config, view),
        database.clients().used(),
        database.isPaused() ? 1 : 0,
        database.isDisabled() ? 1 : 0);
  }

  private static @Nullable String loadBalancing(DatabaseConfig config) {
    return config.hosts().size() > 1 ? config.loadBalanceHosts().word() : null;
  }

  private static int maxClients(DatabaseConfig config, ProxyView view) {
    Integer own = config.values().find(Settings.MAX_DB_CLIENT_CONNECTIONS);
    return own != null && own > 0 ? own : view.values().get(Settings.MAX_DB_CLIENT_CONNECTIONS);
  }

  private static void consoleRow(ShowTable table, ProxyView view) {
    table.row(
        Front.CONSOLE,
        null,
        view.values().get(Settings.LISTEN_PORT),
        Front.CONSOLE,
        Front.CONSOLE,
        CONSOLE_POOL_SIZE,
        0,
        0,
        (int) view.values().get(Settings.SERVER_LIFETIME).toSeconds(),
        PoolMode.STATEMENT.word(),
        null,
        0,
        0,
        view.values().get(Settings.MAX_DB_CLIENT_CONNECTIONS),
        view.allClients(ShowDatabases::isOnConsole).size(),
        0,
        0);
  }

  private static boolean isOnConsole(Client client) {
    return client.state() == ClientState.ACTIVE && client.pool() == null;
  }
}
