package io.sluice.proxy.pool;

import io.sluice.config.value.LoadBalanceHosts;
import io.sluice.config.value.PasswordSource;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.server.ServerOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the server connections of one pool: counts them, chooses the host, connects. Whether there
 * may be one more is the pool's matter. Confined to its event loop.
 */
final class Launcher {
  private final Pool pool;
  private final Pools pools;
  private int hostTurn;
  private ProtocolVersion version = ProtocolVersion.NEWEST;

  Launcher(Pool pool, Pools pools) {
    this.pool = pool;
    this.pools = pools;
  }

  /** A server of the pool, whose places are taken, in state LOGIN, in no list yet. */
  Server make(@Nullable Guest guest) {
    return new Server(
        new ServerOrigin(
            pools.nextId(),
            pool.lane(),
            pool.database(),
            pool.user(),
            pool.loop(),
            pool.counters(),
            pools.tracked(),
            pools.statements(),
            pools.logOf(pool.key()),
            guest));
  }

  /** Connects a server and logs it in, once its password was looked for. */
  void login(Server server) {
    PasswordSource source = pool.database().config().password();
    if (source == null || !pools.passwords().await(source, () -> connectLater(server))) {
      connect(server);
    }
  }

  private void connectLater(Server server) {
    pool.loop()
        .execute(
            () -> {
              if (!server.isClosed()) {
                connect(server);
              }
            });
  }

  private void connect(Server server) {
    Destination destination = destination(nextHost());
    pools
        .connector()
        .login(
            server,
            destination,
            (address, display) ->
                ServerTargets.of(pool, server.guest(), version, destination, address, display));
  }

  /** The password of the database's entry, as it is now. */
  @Nullable String password() {
    PasswordSource source = pool.database().config().password();
    return source == null ? null : pools.passwords().find(source);
  }

  /** PostgreSQL has refused a login: a password that is kept outside may be a new one by now. */
  void loginRefused() {
    PasswordSource source = pool.database().config().password();
    if (source != null) {
      pools.passwords().doubt(source);
    }
  }

  /** A server has refused the newest version of the protocol: the others are not asked for it. */
  void versionRefused() {
    version = ProtocolVersion.V3_0;
  }

  /** A login at the current host has failed: the next one tries another, where order matters. */
  void hostFailed() {
    if (pool.database().config().loadBalanceHosts() == LoadBalanceHosts.DISABLE) {
      hostTurn++;
    }
  }

  /** Where the element of the host list lies. */
  Destination destination(@Nullable String listed) {
    String host = listed == null ? pools.defaultSocketDirectory() : listed;
    PoolSettings settings = pool.settings();
    return new Destination(
        host,
        listed,
        pool.database().config().port(),
        settings.tuning(),
        settings.connectTimeoutNs(),
        Destination.isUnix(host) ? null : pools.tls().servers(settings.serverTls()));
  }

  private @Nullable String nextHost() {
    List<String> hosts = pool.database().config().hosts().hosts();
    if (hosts.isEmpty()) {
      return null;
    }
    String host = hosts.get(Math.floorMod(hostTurn, hosts.size()));
    if (pool.database().config().loadBalanceHosts() == LoadBalanceHosts.ROUND_ROBIN) {
      hostTurn++;
    }
    return host;
  }
}
