package io.sluice.benchmarks;

import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import io.sluice.proxy.lifecycle.ConfigSource;

/** A configuration that never changes. */
record FixedConfig(Result result) implements ConfigSource {
  @Override
  public Result load() {
    return result;
  }

  @Override
  public void reopenLog(Values values) {}
}
