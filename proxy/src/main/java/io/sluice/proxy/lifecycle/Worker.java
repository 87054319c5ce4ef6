package io.sluice.proxy.lifecycle;

import io.sluice.proxy.auth.Access;
import io.sluice.proxy.client.ClientJanitor;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.pool.Janitor;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import java.net.InetAddress;
import java.util.List;

/**
 * Everything that one event loop serves its connections with. Confined to that loop; the first one
 * may use it while it is alone.
 */
public record Worker(
    Pools pools,
    Access access,
    Clients clients,
    Front front,
    HostResolver resolver,
    Janitor janitor,
    ClientJanitor clientJanitor) {

  /** The loop. */
  public LoopContext loop() {
    return pools.loop();
  }

  /** Starts the time-outs and whatever else is looked at three times a second. */
  void startMaintenance() {
    LoopContext loop = loop();
    loop.maintain(janitor);
    loop.maintain(clientJanitor);
    loop.maintain(access.queries());
    loop.maintain(access.visitors()::maintain);
    loop.maintain(clients.hubs());
    loop.maintain(pools.cancels());
    loop.maintain(pools.peers());
    loop.startMaintenance();
  }

  /** A host name does not mean an address any more: its servers are replaced. */
  void addressGone(String host, InetAddress address) {
    for (Pool pool : List.copyOf(pools.all())) {
      if (pool.database().config().hosts().hosts().contains(host)) {
        pool.replaceServersAt(host, address);
      }
    }
  }

  /** Ends its threads. */
  void close() {
    resolver.close();
    access.close();
  }
}
