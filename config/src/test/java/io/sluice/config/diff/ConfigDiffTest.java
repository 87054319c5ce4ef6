package io.sluice.config.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigDiffTest {
  @Test
  void seesNoChangeWhereOnlyTheLinesMoved() {
    ConfigDiff diff =
        between(
            "[pgbouncer]\nlisten_port = 1\n[databases]\na = host=x port=5432\n",
            "[databases]\n\na = host=x port=5432\n[pgbouncer]\n\nlisten_port = 0x1\n");

    assertThat(diff.isEmpty()).isTrue();
    assertThat(diff.closingServers()).isEmpty();
  }

  @Test
  void listsWhatCameWentAndChanged() {
    ConfigDiff diff =
        between(
            """
            [pgbouncer]
            listen_port = 1
            query_timeout = 1
            [databases]
            same = host=x
            gone = host=x
            moved = host=x
            sized = pool_size=1
            * = host=x
            [users]
            u = pool_size=1
            [peers]
            1 = host=x
            """,
            """
            [pgbouncer]
            listen_port = 2
            query_timeout = 2
            [databases]
            same = host=x
            moved = host=y
            sized = pool_size=2
            new = host=x
            * = host=y
            [users]
            u = pool_size=2
            [peers]
            2 = host=x
            """);

    assertThat(diff.databases().added()).containsExactly("new");
    assertThat(diff.databases().removed()).containsExactly("gone");
    assertThat(diff.databases().changed()).containsExactlyInAnyOrder("moved", "sized");
    assertThat(diff.autoDatabaseChanged()).isTrue();
    assertThat(diff.users().changed()).containsExactly("u");
    assertThat(diff.peers().added()).containsExactly(2);
    assertThat(diff.peers().removed()).containsExactly(1);
    assertThat(diff.settings()).containsExactly(Settings.LISTEN_PORT, Settings.QUERY_TIMEOUT);
    assertThat(diff.needRestart()).containsExactly(Settings.LISTEN_PORT);
    assertThat(diff.closingServers()).containsExactlyInAnyOrder("moved", "*");
    assertThat(diff.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbname=other",
        "host=other",
        "port=1",
        "user=other",
        "connect_query=other",
        "auth_dbname=other",
        "auth_query=other",
        "load_balance_hosts=disable"
      })
  void replacesServersThatLeadElsewhere(String change) {
    assertThat(changed(change).closingServers()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=other", "pool_size=9", "min_pool_size=1", "pool_mode=session", "auth_user=other",
        "server_lifetime=9", "client_encoding=x", "datestyle=x", "timezone=x", "application_name=x",
        "max_db_connections=3"
      })
  void keepsServersThatLeadToTheSamePlace(String change) {
    ConfigDiff diff = changed(change);

    assertThat(diff.databases().changed()).containsExactly("a");
    assertThat(diff.closingServers()).isEmpty();
  }

  private static ConfigDiff changed(String change) {
    String base = "[pgbouncer]\n[databases]\na = host=x ";
    return between(base + "\n", base + change + "\n");
  }

  private static ConfigDiff between(String before, String after) {
    return ConfigDiff.between(load(before), load(after));
  }

  private static ProxyConfig load(String text) {
    Result result = ConfigLoader.parseText(text);
    assertThat(result).isInstanceOf(Result.Loaded.class);
    return ((Result.Loaded) result).config();
  }
}
