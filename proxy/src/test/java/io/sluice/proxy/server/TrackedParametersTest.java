package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrackedParametersTest {
  private static List<String> names(TrackedParameters tracked) {
    return IntStream.range(0, tracked.count()).mapToObj(tracked::name).toList();
  }

  @Test
  void beginWithPgBouncersFiveThenWhatIsAskedForThenWhatPostgresReports() {
    assertThat(names(new TrackedParameters(List.of("IntervalStyle", "work_mem"))))
        .containsExactly(
            "DateStyle",
            "client_encoding",
            "TimeZone",
            "standard_conforming_strings",
            "application_name",
            "IntervalStyle",
            "work_mem",
            "extra_float_digits",
            "search_path",
            "default_transaction_read_only",
            "scram_iterations",
            "session_authorization");
  }

  @Test
  void spellNamesAsPostgresDoesAndTakeEachOnce() {
    assertThat(names(new TrackedParameters(List.of("INTERVALSTYLE", "datestyle", "options"))))
        .contains("IntervalStyle", "DateStyle")
        .doesNotContain("INTERVALSTYLE", "datestyle", "options");
  }

  @Test
  void mayBeIgnoredUnlessSomebodyHasAskedForThem() {
    TrackedParameters tracked = new TrackedParameters(List.of("search_path"));
    assertThat(tracked.mayBeIgnored(tracked.indexOf("search_path"))).isFalse();
    assertThat(tracked.mayBeIgnored(tracked.indexOf("application_name"))).isFalse();
    assertThat(tracked.mayBeIgnored(tracked.indexOf("extra_float_digits"))).isTrue();
    assertThat(tracked.mayBeIgnored(tracked.indexOf("IntervalStyle"))).isTrue();
  }
}
