package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentTest {
  private static final String TEXT =
      "[pgbouncer]\nauth_file = users.txt\nquery_timeout = 1\n[databases]\na =\n";

  @ParameterizedTest
  @ValueSource(strings = {TEXT, "pgbouncer { query_timeout = 1 }"})
  void overridesEitherDialectAndTakesUnits(String text) {
    ProxyConfig config = Loads.good(load(text, Map.of("SLUICE_QUERY_TIMEOUT", " 500ms ")));

    assertThat(config.values().print(Settings.QUERY_TIMEOUT)).isEqualTo("0.5");
    assertThat(config.values().origin(Settings.QUERY_TIMEOUT))
        .hasToString("environment SLUICE_QUERY_TIMEOUT");
  }

  @Test
  void canOverrideEverySetting() {
    Map<String, String> environment = new HashMap<>();
    for (Setting<?> setting : Settings.all()) {
      String value = Objects.requireNonNullElse(setting.defaultText(), "1");
      environment.put("SLUICE_" + setting.name().toUpperCase(Locale.ROOT), value);
    }

    ProxyConfig config = Loads.good(load(TEXT, environment));

    for (Setting<?> setting : Settings.all()) {
      assertThat(config.values().origin(setting))
          .as(setting.name())
          .hasToString("environment SLUICE_" + setting.name().toUpperCase(Locale.ROOT));
    }
  }

  @Test
  void warnsOfMisspeltNamesButNotOfForeignOnes() {
    Result result =
        load(
            TEXT,
            Map.of(
                "SLUICE_MAX_CLIENT_CONS", "5",
                "SLUICE_JAVA_OPTS", "-Xmx64m",
                "SLUICE_SERVICE_HOST", "10.0.0.1",
                "SLUICE_SERVICE_PORT", "6432",
                "SLUICE_PORT", "tcp://10.0.0.1:6432",
                "SLUICE_PORT_6432_TCP_ADDR", "10.0.0.1",
                "MAX_CLIENT_CONN", "5"));

    assertThat(Loads.warnings(result))
        .containsExactly(
            "environment SLUICE_MAX_CLIENT_CONS: max_client_cons: names no setting and is ignored"
                + " (did you mean SLUICE_MAX_CLIENT_CONN?)");
  }

  @Test
  void refusesBadValues() {
    assertThat(Loads.errors(load(TEXT, Map.of("SLUICE_LISTEN_PORT", "many"))))
        .containsExactly("environment SLUICE_LISTEN_PORT: listen_port = many: expected an integer");
  }

  private static Result load(String text, Map<String, String> environment) {
    return ConfigLoader.parseText(text, "test", environment);
  }
}
