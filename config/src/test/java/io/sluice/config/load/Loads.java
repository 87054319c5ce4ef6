package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.problem.Problem;
import io.sluice.config.value.ProxyConfig;
import java.util.List;
import java.util.Map;

/** Loads texts in tests and says what came of them. */
final class Loads {
  private Loads() {}

  /** Loads a text that has to be usable. */
  static ProxyConfig good(String text) {
    return good(ConfigLoader.parseText(text, "test", Map.of()));
  }

  /** Takes a result that has to be usable. */
  static ProxyConfig good(Result result) {
    assertThat(result).isInstanceOf(Result.Loaded.class);
    return ((Result.Loaded) result).config();
  }

  /** Loads a text that has to be refused, and writes the errors. */
  static List<String> errors(String text) {
    return errors(ConfigLoader.parseText(text, "test", Map.of()));
  }

  /** Takes a result that has to be refused, and writes the errors. */
  static List<String> errors(Result result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused) result)
        .problems().stream().filter(Problem::isError).map(Problem::toString).toList();
  }

  /** Loads a text that has to be usable, and writes the warnings. */
  static List<String> warnings(String text) {
    return warnings(ConfigLoader.parseText(text, "test", Map.of()));
  }

  /** Takes a result that has to be usable, and writes the warnings. */
  static List<String> warnings(Result result) {
    assertThat(result).isInstanceOf(Result.Loaded.class);
    return ((Result.Loaded) result).warnings().stream().map(Problem::toString).toList();
  }
}
