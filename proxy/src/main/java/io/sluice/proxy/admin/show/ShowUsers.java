package io.sluice.proxy.admin.show;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.Values;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.catalog.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SHOW USERS: names, their overrides and how many connections they have. */
public final class ShowUsers implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("name", "pool_size", "reserve_pool_size", "pool_mode")
          .andInt4(
              "max_user_connections",
              "current_connections",
              "max_user_client_connections",
              "current_client_connections")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (User user : view.users()) {
      Values own = user.config() == null ? null : user.config().values();
      PoolMode mode = own == null ? null : own.find(Settings.POOL_MODE);
      table.row(
          user.name(),
          size(own, Settings.POOL_SIZE),
          size(own, Settings.RESERVE_POOL_SIZE),
          mode == null ? null : mode.word(),
          limit(own, Settings.MAX_USER_CONNECTIONS, view),
          user.servers().used(),
          limit(own, Settings.MAX_USER_CLIENT_CONNECTIONS, view),
          user.clients().used());
    }
  }

  /** PgBouncer prints these two as text of nine characters, and nothing where nothing is set. */
  private static String size(@Nullable Values own, Setting<Integer> setting) {
    Integer size = own == null ? null : own.find(setting);
    return size == null || size < 0 ? "" : String.format("%9d", size);
  }

  private static int limit(@Nullable Values own, Setting<Integer> setting, ProxyView view) {
    Integer limit = own == null ? null : own.find(setting);
    return limit != null && limit > 0 ? limit : view.values().get(setting);
  }
}
