package io.sluice.proxy.app;

import io.sluice.config.value.ProxyConfig;

/** Builds the pooler. */
final class Wiring {
  private Wiring() {}

  /** Builds a pooler for a configuration; nothing is opened yet. */
  static Service service(ProxyConfig config) throws StartFailure {
    Service service = null;
    if (service == null) {
      throw new StartFailure("no pooler for " + config.databases().size() + " databases yet");
    }
    return service;
  }
}
