package io.sluice.proxy.admin.show;

import static java.util.Objects.requireNonNull;

import io.sluice.config.value.Values;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.lifecycle.ConsoleActions;
import io.sluice.proxy.lifecycle.Worker;
import io.sluice.proxy.lifecycle.Workers;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsAverages;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the console sees of the proxy, on whatever loop it is. To be looked at on the
 * first event loop, {@link #alone}.
 *
 * @param console counters of the console's own pool
 */
public record ProxyView(
    Workers workers, ConsoleActions actions, StatsAverages averages, PoolCounters console) {

  public ProxyView {
    requireNonNull(workers, "workers");
    requireNonNull(actions, "actions");
    requireNonNull(averages, "averages");
    requireNonNull(console, "console");
  }

  /** Looks at something, or does something, while all other loops stand still. */
  public <T extends @Nullable Object> T alone(Supplier<T> work) {
    return workers.loops().alone(work);
  }

  /** Does something while all other loops stand still. */
  public void alone(Runnable work) {
    workers.loops().alone(work);
  }

  /** The pools of all loops by database and user; the same pair once for each loop. */
  public List<Pool> allPools() {
    List<Pool> all = workers.pools();
    all.sort(Comparator.comparing(Pool::key));
    return all;
  }

  /** The clients of all loops for which something holds. */
  public List<Client> allClients(Predicate<Client> wanted) {
    return workers.clients(wanted);
  }

  /** All databases by name. Those that are made from {@code *} may be known to some loops only. */
  public Collection<Database> databases() {
    return byName(worker -> worker.pools().catalog().databases(), Database::name);
  }

  /** All users by name. */
  Collection<User> users() {
    return byName(worker -> worker.pools().catalog().users(), User::name);
  }

  /** All hosts that were looked up by name; each loop asks for itself. */
  Collection<HostResolver.Entry> hosts() {
    return byName(worker -> worker.resolver().entries(), HostResolver.Entry::host);
  }

  /** What all loops have, each name once. */
  private <T> Collection<T> byName(
      Function<Worker, Collection<T>> listed, Function<T, String> name) {
    TreeMap<String, T> byName = new TreeMap<>();
    for (Worker worker : workers.all()) {
      listed.apply(worker).forEach(each -> byName.putIfAbsent(name.apply(each), each));
    }
    return byName.values();
  }

  /** The pools of the first loop; for what is the same on all. */
  public Pools pools() {
    return workers.first().pools();
  }

  /** The clients of the first loop; for what is the same on all. */
  public Clients clients() {
    return workers.first().clients();
  }

  /** The settings in force. */
  Values values() {
    return clients().config().values();
  }

  /** The loop's clock. */
  long nowNs() {
    return pools().loop().nowNs();
  }
}
