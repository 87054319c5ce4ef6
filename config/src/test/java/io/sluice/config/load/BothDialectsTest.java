package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigUtil;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Reload;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row means the same in both dialects, in every place where it may stand. */
final class BothDialectsTest {
  /** Settings of TLS that the others need beside them. */
  private static final String COMPANIONS =
      """
      client_tls_key_file = k
      client_tls_cert_file = c
      client_tls_ca_file = a
      server_tls_key_file = k
      server_tls_cert_file = c
      server_tls_sslmode = require
      """;

  static Stream<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    for (Setting<?> setting : Settings.everywhere()) {
      for (Scope scope : setting.scopes()) {
        rows.add(Arguments.of(setting, scope));
        setting.aliases().forEach(alias -> assertThat(Settings.find(alias, scope)).isNotNull());
      }
    }
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void givesTheSameValueInBoth(Setting<?> setting, Scope scope) {
    String value = sample(setting);

    Values ini = valuesOf(scope, Loads.good(ini(setting, scope, value)));
    Values hocon = valuesOf(scope, Loads.good(hocon(setting, scope, value)));

    assertThat(ini.isSet(setting)).isTrue();
    assertThat(ini.find(setting))
        .isEqualTo(hocon.find(setting))
        .isNotEqualTo(setting.defaultValue());
    assertThat(ini.print(setting)).isEqualTo(hocon.print(setting));
    assertThat(ini.same(setting, hocon)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isSetByTheConsoleLikeByTheFileUnlessItWaitsForARestart(Setting<?> setting, Scope scope) {
    if (scope != Scope.GLOBAL) {
      return;
    }
    ProxyConfig config = ProxyConfig.defaults();
    String value = sample(setting);

    ProxyConfig changed = changed(config, setting, value);

    boolean restart = setting.reload() == Reload.RESTART;
    Values file = Loads.good(ini(setting, scope, value)).values();
    assertThat(changed.values().same(setting, file)).isEqualTo(!restart);
    assertThat(changed.equals(config)).isEqualTo(restart);
  }

  private static String sample(Setting<?> setting) {
    String type = setting.type().name();
    if (type.startsWith("one of ")) {
      String[] words = type.substring("one of ".length()).split(", ");
      return words[words.length - 1];
    }
    return switch (type) {
      case "boolean" -> "1".equals(setting.defaultText()) ? "0" : "1";
      case "list" -> setting.name().endsWith("_protocols") ? "all,!tlsv1.0" : "one,two";
      case "hosts" -> "one,two".substring(0, setting == Settings.HOST ? 3 : 7);
      case "text" -> "some 'text' = # ;";
      case "file mode" -> "0700";
      case "seconds" -> "77";
      default -> setting == Settings.LISTEN_QUEUE_SIZE ? "9999" : "99";
    };
  }

  private static String ini(Setting<?> setting, Scope scope, String value) {
    String main = "[pgbouncer]\n" + COMPANIONS;
    String pair = setting.name() + "='" + value.replace("'", "''") + "'\n";
    return switch (scope) {
      case GLOBAL -> main + setting.name() + " = " + value + '\n';
      case DATABASE -> main + "[databases]\na = " + pair;
      case USER -> main + "[users]\na = " + pair;
      case PEER -> main + "[peers]\n1 = host=h " + pair;
    };
  }

  private static String hocon(Setting<?> setting, Scope scope, String value) {
    String pair = setting.name() + " = " + ConfigUtil.quoteString(value);
    return switch (scope) {
      case GLOBAL -> "pgbouncer { " + COMPANIONS + pair + " }";
      case DATABASE -> "pgbouncer { " + COMPANIONS + " }\ndatabases { a { " + pair + " } }";
      case USER -> "pgbouncer { " + COMPANIONS + " }\nusers { a { " + pair + " } }";
      case PEER -> "pgbouncer { " + COMPANIONS + " }\npeers { 1 { host = h, " + pair + " } }";
    };
  }

  private static Values valuesOf(Scope scope, ProxyConfig config) {
    DatabaseConfig database = config.databases().get("a");
    UserConfig user = config.users().get("a");
    PeerConfig peer = config.peers().get(1);
    return switch (scope) {
      case GLOBAL -> config.values();
      case DATABASE -> Objects.requireNonNull(database).values();
      case USER -> Objects.requireNonNull(user).values();
      case PEER -> Objects.requireNonNull(peer).values();
    };
  }

  private static <T> ProxyConfig changed(ProxyConfig config, Setting<T> setting, String text) {
    Parsed<ProxyConfig> parsed = config.with(setting, text);
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return ((Parsed.Good<ProxyConfig>) parsed).value();
  }
}
