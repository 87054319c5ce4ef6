package io.sluice.proxy.pool;

import io.sluice.protocol.SqlState;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
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
          ServerClose.VERSION_REFUSED,
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
  private final Launcher launcher;
  private final PoolShare share;
  private final Places places;
  private final Hunger hunger;
  private PoolSettings settings;
  private Introduction introduction;
  private @Nullable String loginFailure;
  private long lastLaunchNs;
  private long lastLifetimeCloseNs;
  private long emptySinceNs;
  private int clientCount;
  private boolean removed;

  Pool(Pools pools, PoolKey key, Database database, User user, PoolSettings settings) {
    this.pools = pools;
    this.database = database;
    this.user = user;
    this.settings = settings;
    this.introduction = new Introduction(settings);
    this.key = key;
    this.lane = new Lane(this);
    this.launcher = new Launcher(this, pools);
    this.share = pools.commons().share(key);
    this.places = new Places(this, pools);
    this.hunger = new Hunger(this);
    this.emptySinceNs = loop().nowNs();
    // The first close for its age need not wait for another.
    this.lastLifetimeCloseNs = emptySinceNs - Long.MAX_VALUE / 4;
  }

  // ---- events

  void loginSucceeded(Server server) {
    loginFailure = null;
    // What a guest's server reports is what the guest has asked for.
    if (share.welcome() == null && server.guest() == null) {
      share.setWelcome(new Welcome(server));
    }
    Welcome usual = share.welcome();
    if (usual != null) {
      server.vars().share(usual.tracked());
    }
  }

  void loginRefused(Refusal refusal) {
    loginFailure = refusal.text();
    launcher.loginRefused();
    boolean starting = refusal.sqlState().equals(SqlState.CANNOT_CONNECT_NOW);
    if (!starting && (share.connected().used() == 0 || share.welcome() == null)) {
      refuse(lane.waiters(), refusal);
    }
  }

  void closed(Server server, boolean wasLogin, ServerClose why, String text) {
    places.giveBack();
    boolean failed = wasLogin && !OUR_OWN.contains(why) && !isGuestsMatter(server, why);
    if (failed) {
      loginFailure = text;
      launcher.hostFailed();
    }
    if (why == ServerClose.VERSION_REFUSED) {
      launcher.versionRefused();
    } else if (why == ServerClose.LIFETIME) {
      lastLifetimeCloseNs = loop().nowNs();
    }
    if (!failed && lane.isWaitedFor()) {
      // After a failed login maintenance tries again: a host that fails at once must not spin.
      pools.serveLater(this);
    }
    pools.placeFreed(this);
    pools.serverGone();
  }

  /** What PostgreSQL says to one who brings his own parameters is meant for him alone. */
  private static boolean isGuestsMatter(Server server, ServerClose why) {
    return server.guest() != null && why == ServerClose.LOGIN_REFUSED;
  }

  // ---- commands

  /** Turns everybody who waits away. */
  public void refuseWaiters(Refusal refusal) {
    refuse(lane.waiters(), refusal);
    refuse(lane.guests().queue(), refusal);
  }

  private static void refuse(WaitQueue queue, Refusal refusal) {
    // Those who are turned away may not queue again here at once: the number is fixed first.
    for (int i = queue.size(); i > 0; i--) {
      Waiter waiter = queue.firstWaiter();
      if (waiter == null) {
        return;
      }
      queue.remove(waiter.ticket());
      waiter.refused(refusal);
    }
  }

  /** Begins one more server connection if there may be one. */
  public Launch launch() {
    Launch outcome = mayLaunch();
    if (outcome == Launch.STARTED) {
      if (places.isBeyondSize()) {
        log.warn("{}: taking connection from reserve_pool", key);
      }
      launcher.login(connect(null));
    } else {
      full(outcome);
    }
    return outcome;
  }

  /** Begins a connection for min_pool_size: never at another pool's cost. */
  Launch launchSpare() {
    if (isConnecting() || isRetryLater()) {
      return Launch.CONNECTING;
    }
    Launch outcome = places.takeSpare(settings.fewest());
    if (outcome == Launch.STARTED) {
      launcher.login(connect(null));
    }
    return outcome;
  }

  /**
   * Begins a server connection for one waiter alone, who is taken out of the queue. Where the pool
   * is full a free server of it makes room.
   *
   * @return false when there may be none now
   */
  boolean launchFor(Waiter waiter, Guest guest) {
    if (isPaused() || isRetryLater()) {
      return false;
    }
    while (places.isPoolFull(waiter)) {
      if (!lane.guests().makeRoomFor(waiter)) {
        hunger.ask();
        return false;
      }
    }
    Launch outcome = places.take(waiter);
    if (outcome != Launch.STARTED) {
      full(outcome);
      return false;
    }
    lane.leave(waiter);
    Server server = connect(guest);
    server.attach(waiter);
    guest.launched(server);
    launcher.login(server);
    return true;
  }

  /** There may be no more servers: some may be elsewhere, where they are needed less. */
  private void full(Launch why) {
    boolean shared = why == Launch.DATABASE_FULL || why == Launch.USER_FULL;
    if (shared || why == Launch.POOL_FULL) {
      hunger.ask();
    }
    if (shared) {
      pools.starved(this);
    }
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
    return places.take(lane.waiters().firstWaiter());
  }

  private boolean isConnecting() {
    return !lane.servers(ServerState.LOGIN).isEmpty();
  }

  private boolean isRetryLater() {
    return loginFailure != null && loop().nowNs() - lastLaunchNs < settings.loginRetryNs();
  }

  private Server connect(@Nullable Guest guest) {
    lastLaunchNs = loop().nowNs();
    Server server = launcher.make(guest);
    lane.add(server);
    return server;
  }

  /** Has every server replaced: free ones soon, busy ones when they are released. */
  public void reconnect() {
    share.setWelcome(null);
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
    introduction = new Introduction(next);
    if (!sameTls) {
      reconnect();
    }
  }

  void setRemoved() {
    removed = true;
    share.leave(this);
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
    boolean knowsNothing = waiter.wantsWelcomeOnly() || waiter.guest() != null || welcome() == null;
    if (!knowsNothing && loginFailure != null && share.connected().used() == 0 && !isPaused()) {
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

  /** What clients are told of us at login. */
  public Introduction introduction() {
    return introduction;
  }

  /** What clients are told at login; null until a server has logged in. */
  public @Nullable Welcome welcome() {
    return share.welcome();
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

  /** What the pool has in common on all event loops. */
  PoolShare share() {
    return share;
  }

  /** What it needs from other loops, and gives them. */
  Hunger hunger() {
    return hunger;
  }

  Places places() {
    return places;
  }

  Launcher launcher() {
    return launcher;
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
