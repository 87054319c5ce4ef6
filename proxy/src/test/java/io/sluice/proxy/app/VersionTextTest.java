package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTextTest {
  @Test
  void beginsAsToolsThatKnowPgBouncerExpect() {
    assertThat(VersionText.lines().lines().findFirst().orElse(""))
        .matches("PgBouncer \\d+\\.\\d+\\.\\d+ \\(Sluice .+\\)");
    assertThat(VersionText.lines()).contains("\nnetty 4.", "\njava ", "\nadns: ", "\ntls: ");
  }

  @Test
  void fitsInOneLineOfTheLog() {
    assertThat(VersionText.line("epoll"))
        .startsWith("PgBouncer " + VersionText.PGBOUNCER + " (Sluice ")
        .contains("netty 4.", "(epoll)")
        .doesNotContain("\n");
  }
}
