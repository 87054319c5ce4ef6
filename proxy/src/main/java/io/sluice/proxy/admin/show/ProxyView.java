package io.sluice.proxy.admin.show;

import static java.util.Objects.requireNonNull;

import io.sluice.config.value.Values;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.lifecycle.ConsoleActions;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsAverages;

/**
 * Everything that the console sees of the proxy. Confined to the event loop.
 *
 * @param console counters of the console's own pool
 */
public record ProxyView(
    Pools pools,
    Clients clients,
    HostResolver resolver,
    ConsoleActions actions,
    StatsAverages averages,
    PoolCounters console) {

  public ProxyView {
    requireNonNull(pools, "pools");
    requireNonNull(clients, "clients");
    requireNonNull(resolver, "resolver");
    requireNonNull(actions, "actions");
    requireNonNull(averages, "averages");
    requireNonNull(console, "console");
  }

  /** The settings in force. */
  Values values() {
    return clients.config().values();
  }

  /** The loop's clock. */
  long nowNs() {
    return pools.loop().nowNs();
  }
}
