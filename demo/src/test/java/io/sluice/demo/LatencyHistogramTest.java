package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void isAtMostThreePercentOff(long seed) {
    Random random = new Random(seed);
    long[] durations = new long[10_000];
    LatencyHistogram histogram = new LatencyHistogram();
    for (int i = 0; i < durations.length; i++) {
      durations[i] = random.nextLong(1L << random.nextInt(1, 40));
      histogram.record(durations[i]);
    }
    Arrays.sort(durations);

    for (double percent : new double[] {0.1, 1, 50, 95, 99, 99.9}) {
      double exact = (double) durations[(int) Math.ceil(percent / 100 * durations.length) - 1];
      assertThat((double) histogram.percentileNs(percent))
          .as("p%s of seed %s", percent, seed)
          .isCloseTo(exact, within(exact < 32 ? 0.0 : exact * 0.032));
    }
    assertThat(histogram.percentileNs(100)).isEqualTo(durations[durations.length - 1]);
    assertThat(histogram.count()).isEqualTo(durations.length);
  }

  @Test
  void takesEveryDuration() {
    LatencyHistogram histogram = new LatencyHistogram();

    for (long duration : new long[] {-1, 0, 31, 32, 63, 64, Long.MAX_VALUE}) {
      histogram.record(duration);
    }

    assertThat(histogram.count()).isEqualTo(7);
    assertThat(histogram.maxNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(histogram.percentileNs(100)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void hasNothingToSayBeforeTheFirst() {
    assertThat(new LatencyHistogram().percentileNs(99)).isZero();
    assertThat(new LatencyHistogram().maxNs()).isZero();
  }
}
