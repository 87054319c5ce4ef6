package io.sluice.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.client.ClientLimits;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Overrides: user above database above global, and what counts as "not set". */
class PoolSettingsTest {
  private static ProxyConfig config(String global, String database, String user) {
    Result result =
        ConfigLoader.parseText(
            "[databases]\ndb = %s\n[users]\nalice = %s\n[pgbouncer]\nauth_type = any\n%s\n"
                .formatted(database, user, global));
    assertThat(result).isInstanceOf(Result.Loaded.class);
    return ((Result.Loaded) result).config();
  }

  private static PoolSettings settings(String global, String database, String user) {
    ProxyConfig config = config(global, database, user);
    return PoolSettings.of(config, database(config), config.users().get("alice"));
  }

  private static DatabaseConfig database(ProxyConfig config) {
    return Objects.requireNonNull(config.databases().get("db"), "db");
  }

  private static ClientLimits limits(String global, String database, String user, String name) {
    ProxyConfig config = config(global, database, user);
    return ClientLimits.of(config.values(), database(config), config.users().get(name));
  }

  private static long s(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void takesTheDefaultsOfPgBouncer() {
    PoolSettings settings = settings("", "", "");
    assertThat(settings.poolSize()).isEqualTo(20);
    assertThat(settings.mode()).isEqualTo(PoolMode.SESSION);
    assertThat(settings.serverLifetimeNs()).isEqualTo(s(3600));
    assertThat(settings.queryTimeoutNs()).isZero();
    assertThat(settings.checkStatement()).isEmpty();
    assertThat(settings.checksServers()).isTrue();
    assertThat(settings.resetsServers()).isTrue();
  }

  @Test
  void prefersTheUserToTheDatabaseToTheProcess() {
    String global = "default_pool_size = 5\npool_mode = statement";
    assertThat(settings(global, "", "").poolSize()).isEqualTo(5);
    assertThat(settings(global, "pool_size=6", "").poolSize()).isEqualTo(6);
    assertThat(settings(global, "pool_size=6", "pool_size=7").poolSize()).isEqualTo(7);
    assertThat(settings(global, "pool_mode=session", "").mode()).isEqualTo(PoolMode.SESSION);
    assertThat(settings(global, "pool_mode=session", "pool_mode=transaction").mode())
        .isEqualTo(PoolMode.TRANSACTION);
  }

  @Test
  void takesAPoolSizeOfZeroForUnlimitedAndNotForUnset() {
    assertThat(settings("", "pool_size=0", "").poolSize()).isZero();
    assertThat(settings("", "pool_size=9", "pool_size=0").poolSize()).isZero();
  }

  @Test
  void takesALimitOfZeroForUnset() {
    assertThat(settings("max_db_connections = 3", "max_db_connections=0", "").maxDbConnections())
        .isEqualTo(3);
    assertThat(
            settings("max_user_connections = 3", "", "max_user_connections=2").maxUserConnections())
        .isEqualTo(2);
  }

  @Test
  void takesATimeOfZeroForUnset() {
    assertThat(settings("query_timeout = 4", "", "query_timeout=0").queryTimeoutNs())
        .isEqualTo(s(4));
    assertThat(settings("server_lifetime = 9", "server_lifetime=0", "").serverLifetimeNs())
        .isEqualTo(s(9));
  }

  @Test
  void resetsServersInSessionModeOrAlways() {
    assertThat(settings("pool_mode = transaction", "", "").resetsServers()).isFalse();
    assertThat(
            settings("pool_mode = transaction\nserver_reset_query_always = 1", "", "")
                .resetsServers())
        .isTrue();
    assertThat(settings("server_reset_query =", "", "").resetsServers()).isFalse();
  }

  @Test
  void closesNobodysIdleClientsForAnotherUsersTimeout() {
    assertThat(limits("", "", "client_idle_timeout=5", "bob").idleTimeoutNs()).isZero();
    assertThat(limits("", "", "client_idle_timeout=5", "alice").idleTimeoutNs()).isEqualTo(s(5));
    assertThat(
            limits("client_idle_timeout = 7", "", "client_idle_timeout=0", "alice").idleTimeoutNs())
        .isEqualTo(s(7));
  }

  @Test
  void enforcesAQueryWaitTimeoutThatOnlyAUserHas() {
    assertThat(
            limits("query_wait_timeout = 0", "", "query_wait_timeout=5", "alice")
                .queryWaitTimeoutNs())
        .isEqualTo(s(5));
    assertThat(limits("", "query_wait_timeout=8", "", "alice").queryWaitTimeoutNs())
        .isEqualTo(s(8));
    assertThat(
            limits("", "query_wait_timeout=8", "query_wait_timeout=0", "alice")
                .queryWaitTimeoutNs())
        .isZero();
  }
}
