package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedTest {
  private static final int PLACES = 4;

  private final Shared<Long> shared = new Shared<>(PLACES);

  // Beyond the range in which boxed numbers are shared anyway.
  private static Long boxed(long value) {
    return Long.valueOf(1_000_000 + value);
  }

  @Test
  void givesEqualValuesAsOneObject() {
    Long first = shared.of(boxed(1));
    assertThat(shared.of(boxed(1))).isSameAs(first);
    assertThat(shared.of(boxed(2))).isEqualTo(boxed(2));
  }

  @Test
  void forgetsAValueWhosePlaceAnotherHasTaken() {
    Long first = shared.of(boxed(1));
    Long second = shared.of(boxed(1 + PLACES));
    assertThat(second).isEqualTo(boxed(1 + PLACES));
    assertThat(shared.of(boxed(1))).isEqualTo(first).isNotSameAs(first);
  }
}
