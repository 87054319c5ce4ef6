package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.ProxyConfig;

/** Configurations from text. */
final class Configs {
  private Configs() {}

  /** Loads a text that is known to be good. */
  static ProxyConfig of(String text) {
    Result result = ConfigLoader.parseText(text);
    if (result instanceof Result.Loaded loaded) {
      return loaded.config();
    }
    throw new IllegalArgumentException(((Result.Refused) result).problems().toString());
  }
}
