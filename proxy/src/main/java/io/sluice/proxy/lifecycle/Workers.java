package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.auth.AuthQueries;
import io.sluice.proxy.auth.Authenticator;
import io.sluice.proxy.auth.ResolvedNames;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.client.ClientJanitor;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.client.Register;
import io.sluice.proxy.guard.Visitors;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.net.Listener;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Loops;
import io.sluice.proxy.net.Offload;
import io.sluice.proxy.net.Transport;
import io.sluice.proxy.pool.Commons;
import io.sluice.proxy.pool.Janitor;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.ServerConnector;
import io.sluice.proxy.server.TrackedParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The workers of all event loops. What looks at more than one of them, or changes it, is to be
 * called on the first loop while it is {@link #loops alone}.
 */
public final class Workers {
  private final Loops loops;
  private final List<Worker> all = new ArrayList<>();
  private int turn;

  /**
   * Builds them.
   *
   * @param ownUid the user that may enter the console without a password over the Unix socket
   */
  Workers(Loops loops, Transport transport, ProxyConfig config, int ownUid) {
    this.loops = loops;
    Values values = config.values();
    Commons commons = new Commons(loops.all().size());
    TrackedParameters tracked = new TrackedParameters(values.get(Settings.TRACK_EXTRA_PARAMETERS));
    Authenticator authenticator = new Authenticator(values);
    Visitors visitors = new Visitors();
    Register register = new Register();
    List<Front> fronts = new ArrayList<>();
    for (LoopContext loop : loops.all()) {
      HostResolver resolver = new HostResolver(loop, transport);
      ServerConnector connector = new ServerConnector(loop, transport, resolver);
      Pools pools = new Pools(loop, commons, connector, tracked, config);
      Offload directory = Offload.patient(loop);
      Access access =
          new Access(
              authenticator,
              new AuthQueries(pools, config),
              new ResolvedNames(resolver, directory),
              directory,
              visitors);
      Clients clients = new Clients(pools, visitors, register, config);
      int port = values.get(Settings.LISTEN_PORT);
      Front front = new Front(pools, clients, access, ownUid, port, fronts);
      Worker worker =
          new Worker(
              pools,
              access,
              clients,
              front,
              resolver,
              new Janitor(pools),
              new ClientJanitor(clients));
      resolver.onChange(worker::addressGone);
      all.add(worker);
    }
  }

  /** The loops, for what has to be done alone. */
  public Loops loops() {
    return loops;
  }

  /** The worker of the first loop, which has the console. */
  public Worker first() {
    return all.get(0);
  }

  /** All of them, the first one first. */
  public List<Worker> all() {
    return all;
  }

  /** Who takes the next connection: each in turn. Called on the first loop. */
  Listener.Acceptor next() {
    turn = (turn + 1) % all.size();
    return all.get(turn).front();
  }

  /** The pools of all loops: the same key may occur several times. */
  public List<Pool> pools() {
    List<Pool> pools = new ArrayList<>();
    all.forEach(worker -> pools.addAll(worker.pools().all()));
    return pools;
  }

  /** The clients of all loops for which something holds. */
  public List<Client> clients(Predicate<Client> wanted) {
    List<Client> clients = new ArrayList<>();
    all.forEach(worker -> clients.addAll(worker.clients().select(wanted)));
    return clients;
  }

  /** Ends all clients for which something holds. */
  void closeClients(Predicate<Client> wanted, ClientClose why) {
    all.forEach(worker -> worker.clients().closeAll(wanted, why));
  }

  /** All client connections. */
  public int clientCount() {
    return all.stream().mapToInt(worker -> worker.clients().count()).sum();
  }

  void startMaintenance() {
    all.forEach(worker -> worker.loop().execute(worker::startMaintenance));
  }

  void close() {
    all.forEach(Worker::close);
  }
}
