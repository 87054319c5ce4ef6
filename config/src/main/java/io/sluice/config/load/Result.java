package io.sluice.config.load;

import static java.util.Objects.requireNonNull;

import io.sluice.config.problem.Problem;
import io.sluice.config.value.ProxyConfig;
import java.util.List;

/** What came of loading a configuration: all of it, or nothing. */
public sealed interface Result {

  /**
   * The configuration can be used.
   *
   * @param config the configuration
   * @param warnings what somebody should look at
   */
  record Loaded(ProxyConfig config, List<Problem> warnings) implements Result {
    public Loaded {
      requireNonNull(config, "config");
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The configuration can not be used.
   *
   * @param problems every error and warning, in the order in which they were found
   */
  record Refused(List<Problem> problems) implements Result {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
