package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "pool_mod, pool_mode",
    "poolmode, pool_mode",
    "POOL-MODE, pool_mode",
    "max_client_connections, max_client_conn",
    "default_poolsize, default_pool_size",
    "sever_lifetime, server_lifetime",
    "log_conections, log_connections",
    "listne_port, listen_port",
    "usre, user"
  })
  void findsWhatWasMeant(String unknown, String meant) {
    assertThat(NearestName.find(unknown, Draft.names(Scope.GLOBAL))).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "wal_level", "shared_buffers", "java_opts", "work_mem"})
  void staysSilentWhereNothingIsNear(String unknown) {
    assertThat(NearestName.find(unknown, Draft.names(Scope.GLOBAL))).isNull();
  }

  @Test
  void isQuickWithNamesOfAnyLength() {
    assertThat(NearestName.find("a".repeat(1_000_000), Draft.names(Scope.GLOBAL))).isNull();
  }
}
