package io.sluice.proxy.admin.show;

import io.sluice.config.setting.Reload;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.protocol.write.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SHOW CONFIG: every setting of the process, its value and whether it can be changed now. */
public final class ShowConfig implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("key", "value", "default", "changeable").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    ProxyConfig config = view.clients().config();
    for (Setting<?> setting : Settings.all()) {
      table.row(
          setting.name(),
          value(config, setting),
          setting.defaultText(),
          setting.reload() == Reload.RESTART ? "no" : "yes");
    }
  }

  private static @Nullable String value(ProxyConfig config, Setting<?> setting) {
    String value = config.values().print(setting);
    if (value == null && setting == Settings.CONFFILE && config.file() != null) {
      return config.file().toString();
    }
    return value;
  }
}
