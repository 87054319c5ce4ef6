package io.sluice.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineBudgetTest {
  private static final long S = 1_000_000_000L;

  private static int takeAll(LineBudget budget, long nowNs) {
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += budget.take(nowNs) ? 1 : 0;
    }
    return taken;
  }

  /** The clock may begin anywhere. */
  @ParameterizedTest
  @ValueSource(longs = {0, -5 * S, 7 * S, Long.MAX_VALUE - S, Long.MIN_VALUE + 3 * S})
  void givesABurstAndThenALineASecond(long start) {
    LineBudget budget = new LineBudget("it", 5);

    assertThat(takeAll(budget, start)).isEqualTo(5);
    assertThat(takeAll(budget, start + S / 2)).isZero();
    assertThat(takeAll(budget, start + S)).isEqualTo(1);
    assertThat(takeAll(budget, start + 4 * S)).isEqualTo(3);
    assertThat(budget.omittedTotal()).isEqualTo(500 - 100 - 9);
  }

  @Test
  void doesNotSaveMoreThanABurst() {
    LineBudget budget = new LineBudget("it", 5);
    takeAll(budget, 0);

    assertThat(takeAll(budget, 3600 * S)).isEqualTo(5);
  }
}
