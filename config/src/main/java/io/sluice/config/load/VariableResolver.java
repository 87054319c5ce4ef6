package io.sluice.config.load;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds {@code ${VARIABLE}} in an environment that is handed in, not in the one of the process. */
final class VariableResolver implements ConfigResolver {
  private final Map<String, String> environment;
  private final @Nullable ConfigResolver next;

  VariableResolver(Map<String, String> environment) {
    this(environment, null);
  }

  private VariableResolver(Map<String, String> environment, @Nullable ConfigResolver next) {
    this.environment = environment;
    this.next = next;
  }

  @Override
  @SuppressWarnings("NullAway") // null is how the library says "not found"
  public ConfigValue lookup(String path) {
    String value = environment.get(path);
    if (value != null) {
      return ConfigValueFactory.fromAnyRef(value, "environment " + path);
    }
    return next == null ? null : next.lookup(path);
  }

  @Override
  public ConfigResolver withFallback(ConfigResolver fallback) {
    return new VariableResolver(environment, next == null ? fallback : next.withFallback(fallback));
  }
}
