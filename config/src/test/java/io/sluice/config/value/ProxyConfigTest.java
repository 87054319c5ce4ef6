package io.sluice.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ProxyConfigTest {
  private static final Origin PLACE = new Origin("test", 7);

  @Test
  void letsTheUserWinOverTheDatabaseAndThatOverTheProcess() {
    UserConfig user = new UserConfig("u", scoped(Settings.POOL_MODE, PoolMode.STATEMENT));
    DatabaseConfig database =
        DatabaseConfig.of("d", scoped(Settings.POOL_MODE, PoolMode.TRANSACTION));
    UserConfig silent = new UserConfig("s", Values.none());
    ProxyConfig config = ProxyConfig.defaults();

    assertThat(config.effective(Settings.POOL_MODE, user, database)).isEqualTo(PoolMode.STATEMENT);
    assertThat(config.effective(Settings.POOL_MODE, silent, database))
        .isEqualTo(PoolMode.TRANSACTION);
    assertThat(config.effective(Settings.POOL_MODE, null, null)).isEqualTo(PoolMode.SESSION);
  }

  @Test
  void fallsBackFromPoolSizeToDefaultPoolSize() {
    ProxyConfig config = with(ProxyConfig.defaults(), Settings.DEFAULT_POOL_SIZE, "3");
    DatabaseConfig database = DatabaseConfig.of("d", scoped(Settings.POOL_SIZE, 0));

    assertThat(config.poolSize(null, null)).isEqualTo(3);
    assertThat(config.poolSize(null, database)).isZero();
  }

  @Test
  void setsOneSettingAndLeavesTheOriginalAlone() {
    ProxyConfig config = ProxyConfig.defaults();

    ProxyConfig changed = with(config, Settings.QUERY_TIMEOUT, "2.5");

    assertThat(changed.values().get(Settings.QUERY_TIMEOUT)).isEqualTo(Duration.ofMillis(2500));
    assertThat(changed.values().origin(Settings.QUERY_TIMEOUT)).hasToString("console");
    assertThat(config.values().get(Settings.QUERY_TIMEOUT)).isZero();
  }

  @Test
  void acceptsSettingsOfTheNextStartWithoutEffectButChecksThem() {
    ProxyConfig config = ProxyConfig.defaults();

    assertThat(with(config, Settings.LISTEN_PORT, "7000")).isEqualTo(config);
    assertThat(config.with(Settings.LISTEN_PORT, "many"))
        .isEqualTo(Parsed.<ProxyConfig>bad("expected an integer"));
  }

  @Test
  void refusesABadTextWithSentenceAndHint() {
    assertThat(ProxyConfig.defaults().with(Settings.POOL_MODE, "x"))
        .isEqualTo(
            new Parsed.Bad<ProxyConfig>(
                "not one of the known words", "one of session, transaction, statement"));
  }

  @Test
  void makesUnknownDatabasesFromTheAutoEntryOnly() {
    DatabaseConfig auto = DatabaseConfig.of("*", scoped(Settings.PORT, 1));
    DatabaseConfig named = DatabaseConfig.of("d", Values.none());
    ProxyConfig config =
        new ProxyConfig(
            null, Values.global().build(), Map.of("d", named), auto, Map.of(), Map.of());

    assertThat(config.database("d")).isEqualTo(named);
    DatabaseConfig made = Objects.requireNonNull(config.database("x"));
    assertThat(made.name()).isEqualTo("x");
    assertThat(made.dbname()).isEqualTo("x");
    assertThat(made.port()).isEqualTo(1);
    assertThat(ProxyConfig.defaults().database("x")).isNull();
  }

  @Test
  void keepsTheDbnameOfTheAutoEntryIfItGivesOne() {
    DatabaseConfig auto = DatabaseConfig.of("*", scoped(Settings.DBNAME, "one"));

    assertThat(auto.forName("x").dbname()).isEqualTo("one");
  }

  @Test
  void knowsNoDefaultsInEntries() {
    Values values = scoped(Settings.PORT, 1);

    assertThat(values.find(Settings.POOL_MODE)).isNull();
    assertThat(values.print(Settings.POOL_MODE)).isNull();
    assertThatThrownBy(() -> values.get(Settings.POOL_MODE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pool_mode");
  }

  @Test
  void printsNullForSettingsWithoutValue() {
    Values values = Values.global().build();

    assertThat(values.print(Settings.AUTH_FILE)).isNull();
    assertThat(values.find(Settings.AUTH_FILE)).isNull();
    assertThat(values.origin(Settings.AUTH_FILE)).isNull();
    assertThat(values.isSet(Settings.POOL_MODE)).isFalse();
  }

  @Test
  void showsListsAsTheyWereWrittenAndSecretsNotAtAll() {
    Values values =
        Values.scoped()
            .set(Settings.ADMIN_USERS, List.of("a", "b"), "a ,b", PLACE)
            .set(Settings.PASSWORD, new PasswordSource.Literal("hunter2"), "hunter2", PLACE)
            .build();

    assertThat(values.print(Settings.ADMIN_USERS)).isEqualTo("a ,b");
    assertThat(values.print(Settings.PASSWORD)).isEqualTo("****");
    assertThat(DatabaseConfig.of("d", values).toString()).doesNotContain("hunter2");
    assertThat(values.origin(Settings.PASSWORD)).hasToString("test:7");
  }

  @Test
  void comparesValuesNotPlaces() {
    Values here = Values.scoped().set(Settings.PORT, 1, "1", PLACE).build();
    Values there = Values.scoped().set(Settings.PORT, 1, "01", new Origin("other", 1)).build();

    assertThat(here).isEqualTo(there).hasSameHashCodeAs(there);
    assertThat(here).isNotEqualTo(scoped(Settings.PORT, 2)).isNotEqualTo(Values.none());
  }

  @Test
  void tellsHostsApart() {
    assertThat(HostList.kindOf("db.example")).isEqualTo(HostList.Kind.NAME);
    assertThat(HostList.kindOf("1.2.3.4")).isEqualTo(HostList.Kind.IPV4);
    assertThat(HostList.kindOf("1.2.3.4.example")).isEqualTo(HostList.Kind.NAME);
    assertThat(HostList.kindOf("::1")).isEqualTo(HostList.Kind.IPV6);
    assertThat(HostList.kindOf("/tmp")).isEqualTo(HostList.Kind.UNIX);
    assertThat(HostList.kindOf("@x")).isEqualTo(HostList.Kind.UNIX);
    assertThat(HostList.parse(" a ,,b ").text()).isEqualTo("a,b");
  }

  private static <T> Values scoped(Setting<T> setting, T value) {
    return Values.scoped().set(setting, value, setting.print(value), PLACE).build();
  }

  private static <T> ProxyConfig with(ProxyConfig config, Setting<T> setting, String text) {
    Parsed<ProxyConfig> parsed = config.with(setting, text);
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return ((Parsed.Good<ProxyConfig>) parsed).value();
  }
}
