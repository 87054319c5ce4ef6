package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileUseTest {
  private static final int OWN = 50;
  private static final int SPARE = 1000;

  @Test
  void countsClientsAndOnePoolForEachUser() {
    String databases = "[databases]\na = host=h\n";
    String text = databases + "[pgbouncer]\nmax_client_conn = 300\ndefault_pool_size = 7\n";
    assertThat(FileUse.expected(Configs.of(text), 4)).isEqualTo(OWN + SPARE + 300 + 4 * 7);
    assertThat(FileUse.expected(Configs.of(text), 0)).isEqualTo(OWN + SPARE + 300 + 7);
  }

  @Test
  void countsOnePoolWhereTheUserIsForced() {
    String databases =
        "[databases]\na = host=h user=u password=p pool_size=9 reserve_pool_size=2\n";
    String text = databases + "[pgbouncer]\nmax_client_conn = 300\n";
    assertThat(FileUse.expected(Configs.of(text), 4)).isEqualTo(OWN + SPARE + 300 + 9 + 2);
  }

  @Test
  void countsNoMoreServersThanADatabaseMayHave() {
    String databases = "[databases]\n* = host=h max_db_connections=12\nb = host=h\n";
    String text = databases + "[pgbouncer]\nmax_client_conn = 10\nreserve_pool_size = 5\n";
    assertThat(FileUse.expected(Configs.of(text), 3)).isEqualTo(OWN + SPARE + 10 + 12 + 3 * 25);
  }
}
