package io.sluice.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostgresVersionTest {
  @Test
  void coversWhatBeginsWithIt() {
    assertThat(new PostgresVersion("1").covers(new PostgresVersion("11.22.1"))).isFalse();
    assertThat(new PostgresVersion("11").covers(new PostgresVersion("11.22.1"))).isTrue();
    assertThat(new PostgresVersion("11.22.1").covers(new PostgresVersion("11.22.1"))).isTrue();
    assertThat(new PostgresVersion("11.22.1").covers(new PostgresVersion("11.22"))).isFalse();
    assertThat(PostgresVersion.NEWEST.covers(new PostgresVersion("18.6.0"))).isTrue();
  }

  @Test
  void ordersByNumbersNotByLetters() {
    assertThat(
            Stream.of("18.6.0", "9.6.24", "18.10.0", "18.6")
                .map(PostgresVersion::new)
                .sorted()
                .map(PostgresVersion::text))
        .containsExactly("9.6.24", "18.6", "18.6.0", "18.10.0");
  }

  @Test
  void refusesWhatIsNoVersion() {
    assertThatThrownBy(() -> new PostgresVersion("18beta"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a version of PostgreSQL: 18beta");
  }
}
