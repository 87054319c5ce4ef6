package io.sluice.proxy.admin.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final long S = 1_000_000_000L;

  @Test
  void writesPointsInLocalTimeWithTheZone() {
    long wallMs =
        ZonedDateTime.of(2026, 3, 4, 5, 6, 7, 0, ZoneId.systemDefault()).toInstant().toEpochMilli();

    assertThat(Times.point(wallMs)).matches("2026-03-04 05:06:07 \\S+");
  }

  @Test
  void splitsSpans() {
    assertThat(Times.seconds(12 * S + 345_678_999)).isEqualTo(12);
    assertThat(Times.microseconds(12 * S + 345_678_999)).isEqualTo(345_678);
  }

  @Test
  void knowsNoNegativeSpans() {
    assertThat(Times.seconds(-1)).isZero();
    assertThat(Times.microseconds(-1)).isZero();
    assertThat(Times.seconds(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }
}
