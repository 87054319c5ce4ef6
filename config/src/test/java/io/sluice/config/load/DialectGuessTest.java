package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Dialect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DialectGuessTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "; x\npgbouncer {}",
        "[pgbouncer]",
        "# pgbouncer {\n\n  [databases]\na = b",
        "listen_port = 1\n[pgbouncer]",
        "%include /etc/x.ini",
        "[unknown]"
      })
  void tellsIni(String text) {
    assertThat(DialectGuess.of(text)).isEqualTo(Dialect.INI);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pgbouncer {}",
        "// x\n# [pgbouncer]\npgbouncer.listen_port = 1",
        "include \"x\"",
        "{\"pgbouncer\": {}}",
        "x = [\n  a\n]\npgbouncer {}"
      })
  void tellsHocon(String text) {
    assertThat(DialectGuess.of(text)).isEqualTo(Dialect.HOCON);
  }
}
