package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

/**
 * What {@code users} says about one user. Immutable.
 *
 * @param name the user
 * @param values the settings that the entry overrides
 */
public record UserConfig(String name, Values values) {
  public UserConfig {
    requireNonNull(name, "name");
    requireNonNull(values, "values");
  }
}
