package io.sluice.proxy.app;

import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.admin.Console;
import io.sluice.proxy.lifecycle.ConfigSource;
import io.sluice.proxy.lifecycle.Proxy;
import io.sluice.proxy.os.OwnProcess;

/** Builds the pooler from its parts. */
final class Wiring {
  private Wiring() {}

  /** Builds a pooler for a configuration; nothing is opened yet. */
  static Service service(ProxyConfig config, ConfigSource source) {
    Proxy proxy = new Proxy(config, source, OwnProcess.effectiveUid());
    proxy.setConsole(made -> Console.open(made.workers(), made.actions()));
    return new ProxyService(proxy);
  }
}
