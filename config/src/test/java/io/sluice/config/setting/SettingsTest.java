package io.sluice.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  @Test
  void hasOneConstantPerRowNamedLikeIt() throws IllegalAccessException {
    List<Object> constants = new ArrayList<>();
    for (Field field : Settings.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof Setting<?> row) {
        constants.add(row);
        assertThat(field.getName()).endsWith(row.name().toUpperCase(Locale.ROOT));
      }
    }
    assertThat(constants).hasSameElementsAs(Settings.everywhere());
  }

  @Test
  void findsEveryRowByNameAndAliasInItsScopes() {
    for (Setting<?> setting : Settings.everywhere()) {
      for (Scope scope : setting.scopes()) {
        assertThat(Settings.find(setting.name(), scope)).isSameAs(setting);
        assertThat(Settings.in(scope)).contains(setting);
      }
    }
    assertThat(Settings.find("reserve_pool", Scope.DATABASE)).isSameAs(Settings.RESERVE_POOL_SIZE);
    assertThat(Settings.find("Pool_Mode")).isNull();
    assertThat(Settings.find("dbname")).isNull();
  }

  @Test
  void tellsTheUserOfTheProcessFromTheUserOfADatabase() {
    assertThat(Settings.find("user")).isSameAs(Settings.USER);
    assertThat(Settings.find("user", Scope.DATABASE)).isSameAs(Settings.DATABASE_USER);
    assertThat(Settings.find("port", Scope.PEER)).isSameAs(Settings.PEER_PORT);
  }

  @Test
  void knowsNoDefunctNameAsASetting() {
    assertThat(DefunctSettings.all().keySet()).noneMatch(name -> Settings.find(name) != null);
  }

  @Test
  void inheritsOnNegativeNumbersAndWhereZeroCanNotBeSet() {
    assertThat(inherits(Settings.POOL_SIZE, "-1", Scope.DATABASE)).isTrue();
    assertThat(inherits(Settings.POOL_SIZE, "0", Scope.DATABASE)).isFalse();
    assertThat(inherits(Settings.SERVER_LIFETIME, "0", Scope.DATABASE)).isTrue();
    assertThat(inherits(Settings.QUERY_TIMEOUT, "0", Scope.USER)).isTrue();
    assertThat(inherits(Settings.QUERY_WAIT_TIMEOUT, "0", Scope.USER)).isFalse();
    assertThat(inherits(Settings.QUERY_WAIT_TIMEOUT, "-1", Scope.DATABASE)).isTrue();
    assertThat(inherits(Settings.PORT, "-1", Scope.DATABASE)).isFalse();
    assertThat(inherits(Settings.POOL_SIZE, "-x", Scope.DATABASE)).isFalse();
    assertThat(inherits(Settings.MAX_DB_CONNECTIONS, "-1", Scope.GLOBAL)).isFalse();
    assertThat(inherits(Settings.POOL_MODE, "-1", Scope.USER)).isFalse();
  }

  private static boolean inherits(Setting<?> setting, String text, Scope scope) {
    return setting.inherits(text, scope, Dialect.CONNECT_STRING);
  }
}
