package io.sluice.proxy.pool;

import io.sluice.config.value.LoadBalanceHosts;
import io.sluice.protocol.SqlState;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.server.ServerTarget;
import io.sluice.proxy.stats.PoolCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What serves one pair of database and user: its settings, its limits, its welcome, and the lane
 * with its servers. Confined to its event loop.
 */
public final class Pool {
  private static final Logger log = LoggerFactory.getLogger(Pool.class);

  /** Ends of a login attempt that we caused; they say nothing about PostgreSQL. */
  private static final Set<ServerClose> OUR_OWN =
      EnumSet.of(
          ServerClose.CONNECT_STRING_CHANGED,
          ServerClose.PAUSED,
          ServerClose.DATABASE_REMOVED,
          ServerClose.SHUTDOWN,
          ServerClose.EVICTED,
          ServerClose.SURPLUS,
          ServerClose.CANCEL_ABANDONED);

  /** Servers that a changed address concerns; those that are being made are another matter. */
  private static final List<ServerState> REPLACED =
      List.of(
          ServerState.IDLE,
          ServerState.USED,
          ServerState.TESTED,
          ServerState.ACTIVE,
          ServerState.BEING_CANCELED);

  private final PoolKey key;
  private final Pools pools;
  private final Database database;
  private final User user;
  private final PoolCounters counters = new PoolCounters();
  private final Lane lane;
  private PoolSettings settings;
  private @Nullable Welcome welcome;
  private @Nullable String loginFailure;
  private long lastLaunchNs;
  private long lastLifetimeCloseNs;
  private long emptySinceNs;
  private int hostTurn;
  private int clientCount;
  private boolean removed;

  Pool(Pools pools, PoolKey key, Database database, User user, PoolSettings settings) {
    this.pools = pools;
    this.database = database;
    this.user = user;
    this.settings = settings;
    this.key = key;
    this.lane = new Lane(this);
    this.emptySinceNs = loop().nowNs();
    // The first close for its age need not wait for another.
    this.lastLifetimeCloseNs = emptySinceNs - Long.MAX_VALUE / 4;
  }

  // ---- events

  void loginSucceeded(Server server) {
    loginFailure = null;
    if (welcome == null) {
      welcome = new Welcome(server);
    }
  }

  void loginRefused(Refusal refusal) {
    loginFailure = refusal.text();
    boolean starting = refusal.sqlState().equals(SqlState.CANNOT_CONNECT_NOW);
    if (!starting && (lane.connectedCount() == 0 || welcome == null)) {
      refuseWaiters(refusal);
    }
  }

  void closed(Server server, boolean wasLogin, ServerClose why, String text) {
    database.servers().giveBack();
    user.servers().giveBack();
    boolean failed = wasLogin && !OUR_OWN.contains(why);
    if (failed) {
      loginFailure = text;
      if (database.config().loadBalanceHosts() == LoadBalanceHosts.DISABLE) {
        hostTurn++;
      }
    }
    if (why == ServerClose.LIFETIME) {
      lastLifetimeCloseNs = loop().nowNs();
    }
    if (!failed && !lane.waiters().isEmpty()) {
      // After a failed login maintenance tries again: a host that fails at once must not spin.
      pools.serveLater(this);
    }
    pools.placeFreed(this);
    pools.serverGone();
  }

  // ---- commands

  /** Turns everybody in the queue away. */
  public void refuseWaiters(Refusal refusal) {
    // Those who are turned away may not queue again here at once: the number is fixed first.
    for (int i = lane.waiters().size(); i > 0; i--) {
      Waiter waiter = lane.waiters().firstWaiter();
      if (waiter == null) {
        return;
      }
      lane.waiters().remove(waiter.ticket());
      waiter.refused(refusal);
    }
  }

  /** Begins one more server connection if there may be one. */
  public Launch launch() {
    Launch outcome = mayLaunch();
    if (outcome == Launch.STARTED) {
      if (isFull()) {
        log.warn("{}: taking connection from reserve_pool", key);
      }
      connect();
    } else if (outcome == Launch.DATABASE_FULL || outcome == Launch.USER_FULL) {
      pools.starved(this);
    }
    return outcome;
  }

  /** Begins a connection for min_pool_size: never at another pool's cost. */
  Launch launchSpare() {
    if (isConnecting() || isRetryLater()) {
      return Launch.CONNECTING;
    }
    if (isDatabaseFull()) {
      return Launch.DATABASE_FULL;
    }
    if (isUserFull()) {
      return Launch.USER_FULL;
    }
    connect();
    return Launch.STARTED;
  }

  private Launch mayLaunch() {
    if (isPaused()) {
      return Launch.PAUSED;
    }
    if (isConnecting()) {
      return Launch.CONNECTING;
    }
    if (isRetryLater()) {
      return Launch.RETRY_LATER;
    }
    if (isFull() && !mayUseReserve()) {
      return Launch.POOL_FULL;
    }
    return makeRoom();
  }

  /** Evicts free servers until both shared limits have a place; none if that cannot be reached. */
  private Launch makeRoom() {
    if (isUserFull() && !pools.maySpareForUser(user)) {
      return Launch.USER_FULL;
    }
    while (isDatabaseFull()) {
      if (!pools.evictForDatabase(database)) {
        return Launch.DATABASE_FULL;
      }
    }
    while (isUserFull()) {
      if (!pools.evictForUser(user)) {
        return Launch.USER_FULL;
      }
    }
    return Launch.STARTED;
  }

  private boolean isDatabaseFull() {
    return database.servers().isFull(settings.maxDbConnections());
  }

  private boolean isUserFull() {
    return user.servers().isFull(settings.maxUserConnections());
  }

  private boolean isConnecting() {
    return !lane.servers(ServerState.LOGIN).isEmpty();
  }

  private boolean isRetryLater() {
    return loginFailure != null && loop().nowNs() - lastLaunchNs < settings.loginRetryNs();
  }

  private boolean isFull() {
    return settings.poolSize() > 0 && lane.serverCount() >= settings.poolSize();
  }

  private boolean mayUseReserve() {
    Waiter first = lane.waiters().firstWaiter();
    return first != null
        && settings.reserveTimeoutNs() > 0
        && settings.reserveSize() > 0
        && loop().nowNs() - first.requestedNs() >= settings.reserveTimeoutNs()
        && lane.serverCount() < settings.poolSize() + settings.reserveSize();
  }

  private void connect() {
    lastLaunchNs = loop().nowNs();
    Server server = newServer();
    lane.add(server);
    String listed = nextHost();
    Destination destination = destination(listed);
    pools
        .connector()
        .login(
            server,
            destination,
            (address, display) -> ServerTargets.of(this, destination, address, display));
  }

  /** A server of this pool, counted, in state LOGIN, in no list yet. */
  Server newServer() {
    database.servers().take();
    user.servers().take();
    return new Server(
        new Server.Origin(
            pools.nextId(),
            lane,
            database,
            user,
            loop(),
            counters,
            pools.tracked(),
            pools.statements()));
  }

  /** Where the element of the host list lies. */
  Destination destination(@Nullable String listed) {
    String host = listed == null ? pools.defaultSocketDirectory() : listed;
    boolean unix = Destination.isUnix(host);
    return new Destination(
        host,
        listed,
        database.config().port(),
        settings.tuning(),
        settings.connectTimeoutNs(),
        unix ? null : pools.tls().servers(settings.serverTls()));
  }

  private @Nullable String nextHost() {
    List<String> hosts = database.config().hosts().hosts();
    if (hosts.isEmpty()) {
      return null;
    }
    String host = hosts.get(Math.floorMod(hostTurn, hosts.size()));
    if (database.config().loadBalanceHosts() == LoadBalanceHosts.ROUND_ROBIN) {
      hostTurn++;
    }
    return host;
  }

  /** Has every server replaced: free ones soon, busy ones when they are released. */
  public void reconnect() {
    welcome = null;
    loginFailure = null;
    for (ServerState state : REPLACED) {
      for (Server s = lane.servers(state).first(); s != null; s = s.next()) {
        s.requireClose();
      }
    }
    for (Server s = lane.servers(ServerState.LOGIN).first(); s != null; ) {
      Server next = s.next();
      s.close(ServerClose.CONNECT_STRING_CHANGED);
      s = next;
    }
  }

  /** Has the servers at an address of a host replaced: its name means another one now. */
  public void replaceServersAt(String host, InetAddress address) {
    for (ServerState state : REPLACED) {
      for (Server s = lane.servers(state).first(); s != null; s = s.next()) {
        ServerTarget target = s.target();
        if (target != null
            && host.equals(target.host())
            && target.address() instanceof InetSocketAddress at
            && at.getAddress().equals(address)) {
          s.requireClose();
        }
      }
    }
  }

  /** Closes every server. */
  public void closeServers(ServerClose why) {
    for (ServerState state : ServerState.values()) {
      if (state == ServerState.CLOSED) {
        continue;
      }
      for (Server s = lane.servers(state).first(); s != null; s = lane.servers(state).first()) {
        s.close(why);
      }
    }
  }

  /** Takes new settings after a reload. */
  void configure(PoolSettings next) {
    boolean sameTls = settings.serverTls().equals(next.serverTls());
    settings = next;
    if (!sameTls) {
      reconnect();
    }
  }

  void setRemoved() {
    removed = true;
  }

  /** A server is free, and nobody of this pool wants it. */
  void serverIsSpare() {
    pools.placeFreed(this);
  }

  // ---- queries

  /** Why a waiter is turned away instead of being queued, or null. */
  @Nullable Refusal refusalNow(Waiter waiter) {
    if (pools.isShuttingDown()) {
      return Refusal.of("server shutting down");
    }
    boolean knowsNothing = waiter.wantsWelcomeOnly() || welcome == null;
    if (!knowsNothing && loginFailure != null && lane.connectedCount() == 0 && !isPaused()) {
      return Refusal.of(
          "server login has been failing, cached error: " + loginFailure + " (server_login_retry)");
    }
    return null;
  }

  /** Says whether a server has been in use for server_lifetime. */
  boolean isLifetimeOver(Server server) {
    long age = loop().nowNs() - server.launchedNs();
    if (age < settings.serverLifetimeNs()) {
      return false;
    }
    if (settings.serverLifetimeNs() == 0 || settings.poolSize() <= 0) {
      return true;
    }
    // Servers that were made together do not go together.
    long gap = settings.serverLifetimeNs() / settings.poolSize();
    return loop().nowNs() - lastLifetimeCloseNs >= gap;
  }

  /** A client has logged in to the pool. */
  public void clientJoined() {
    clientCount++;
  }

  /** A client of the pool has left. */
  public void clientLeft() {
    clientCount--;
  }

  /** Clients that are logged in to the pool. */
  public int clientCount() {
    return clientCount;
  }

  void noteEmptiness(boolean empty) {
    if (!empty) {
      emptySinceNs = loop().nowNs();
    }
  }

  long emptySinceNs() {
    return emptySinceNs;
  }

  public PoolKey key() {
    return key;
  }

  public Database database() {
    return database;
  }

  /** The user that the pool's servers log in as. */
  public User user() {
    return user;
  }

  public Lane lane() {
    return lane;
  }

  public PoolCounters counters() {
    return counters;
  }

  public PoolSettings settings() {
    return settings;
  }

  /** What clients are told at login; null until a server has logged in. */
  public @Nullable Welcome welcome() {
    return welcome;
  }

  /** Why the last login failed; null when it did not. */
  public @Nullable String loginFailure() {
    return loginFailure;
  }

  public boolean isPaused() {
    return pools.isPaused() || database.isPaused();
  }

  public boolean isRemoved() {
    return removed;
  }

  CancelRouter cancels() {
    return pools.cancels();
  }

  public LoopContext loop() {
    return pools.loop();
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
