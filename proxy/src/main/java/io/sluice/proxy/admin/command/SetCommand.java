package io.sluice.proxy.admin.command;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SET: changes a setting until the next reload. What drivers set on connecting is ignored. */
final class SetCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(SetCommand.class);

  /** PgBouncer's five, and two that pgjdbc sets. */
  static final Set<String> IGNORED =
      Set.of(
          "client_encoding",
          "default_transaction_isolation",
          "standard_conforming_strings",
          "datestyle",
          "timezone",
          "extra_float_digits",
          "application_name");

  @Override
  public Answer run(CommandCall call) {
    String name = call.argument();
    if (IGNORED.contains(name.toLowerCase(Locale.ROOT))) {
      return new Answer.Told("SET ignored", null, "SET");
    }
    if (!call.mayChange()) {
      return Answer.refused("admin access needed");
    }
    Setting<?> setting = Settings.find(name);
    String value = call.text().value();
    if (setting == null || value == null) {
      return answer(call, setting, setting == null ? "unknown setting" : "no value");
    }
    return new Answer.Soon(
        answer ->
            call.actions().set(setting, value, end -> answer.accept(answer(call, setting, end))));
  }

  private static Answer answer(
      CommandCall call, @Nullable Setting<?> setting, @Nullable String failure) {
    String name = call.argument();
    String value = call.text().value();
    if (failure != null) {
      log.warn("{} SET {} failed: {}", call.client().name(), name, failure);
      return Answer.refused("SET failed");
    }
    boolean secret = setting != null && setting.isSecret();
    log.info("{} SET {}={}", call.client().name(), name, secret ? "****" : value);
    return new Answer.Done("SET " + name + "=" + value);
  }
}
