package io.sluice.proxy.pool;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.OutsidePasswords;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerConnector;
import io.sluice.proxy.server.ServerLog;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.server.TrackedParameters;
import io.sluice.proxy.session.StatementLook;
import io.sluice.proxy.session.StatementNameText;
import io.sluice.proxy.tls.Tls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All pools of one event loop, by database and user, and what they share. Confined to it. */
public final class Pools {
  /** So often other loops are asked at most to close a server for one that starves here. */
  private static final long ASK_PAUSE_MS = 10;

  private final LoopContext loop;
  private final Commons commons;
  private final Catalog catalog;
  private final ServerConnector connector;
  private final TrackedParameters tracked;
  private final StatementCache statements;
  private final TreeMap<PoolKey, Pool> pools = new TreeMap<>();
  private final CancelRouter cancels = new CancelRouter(this);
  private final PeerRouter peers;
  private ProxyConfig config;
  private String defaultSocketDirectory = "/tmp";
  private @Nullable Runnable observer;
  private boolean paused;
  private boolean shuttingDown;
  private boolean starving;
  private boolean asking;

  private final StatementLook look = new StatementLook();
  private final StatementNameText statementNames = new StatementNameText();
  private final ServerLog log = ServerLog.ofClients();
  private final ServerLog lookupLog = ServerLog.ofLookups();

  /** Pools whose waiters wait for a place under a shared limit. */
  private final Set<Pool> starved = new LinkedHashSet<>();

  /** Pools that are served at the end of this turn. */
  private final Set<Pool> due = new LinkedHashSet<>();

  public Pools(
      LoopContext loop,
      Commons commons,
      ServerConnector connector,
      TrackedParameters tracked,
      ProxyConfig config) {
    this.loop = loop;
    this.commons = commons;
    this.statements = commons.openStatements();
    this.catalog = new Catalog(commons.quotas());
    this.connector = connector;
    this.peers = new PeerRouter(loop, commons.tls(), connector);
    this.tracked = tracked;
    this.config = config;
    commons.join(this);
  }

  // ---- commands

  /** The pool of a database and a user, made when there is none. */
  public Pool open(Database database, User user) {
    return open(new PoolKey(database.name(), user.name()), database, user);
  }

  /**
   * The pool in which auth_query runs as a user, made when there is none. No client is ever served
   * there: nothing that a client can set reaches its servers.
   */
  public Pool openForLookups(Database database, User user) {
    return open(new PoolKey(database.name(), user.name(), PoolUse.LOOKUPS), database, user);
  }

  /** The pool of the server that listens for the clients of a database. */
  public Pool openForListening(Database database, User user) {
    return open(new PoolKey(database.name(), user.name(), PoolUse.LISTENING), database, user);
  }

  private Pool open(PoolKey key, Database database, User user) {
    Pool pool = pools.get(key);
    if (pool == null) {
      pool = new Pool(this, key, database, user, settings(key, database, user));
      pools.put(key, pool);
      pool.share().join(pool);
      user.poolOpened();
    }
    return pool;
  }

  private PoolSettings settings(PoolKey key, Database database, User user) {
    return key.isOurOwn()
        ? LookupPools.settings(config, database.config(), user.config())
        : PoolSettings.of(config, database.config(), user.config());
  }

  /** The user that servers of a database log in as for a client. */
  public User poolUser(Database database, User loginUser) {
    String forced = database.config().user();
    return forced == null ? loginUser : catalog.openUser(forced);
  }

  /** Takes a new configuration: every pool's settings are resolved again. */
  public void configure(ProxyConfig next, String socketDirectory) {
    config = next;
    defaultSocketDirectory = socketDirectory;
    log.configure(next.values());
    lookupLog.configure(next.values());
    peers.configure(next);
    for (Pool pool : pools.values()) {
      pool.configure(settings(pool.key(), pool.database(), pool.user()));
    }
    openForced();
  }

  /** Makes the pools that exist without a client: a forced user and min_pool_size. */
  private void openForced() {
    for (Database database : catalog.databases()) {
      String forced = database.config().user();
      if (forced != null) {
        User user = catalog.openUser(forced);
        if (PoolSettings.of(config, database.config(), user.config()).minPoolSize() > 0) {
          open(database, user);
        }
      }
    }
  }

  /** Removes a pool and closes its servers; its clients are the caller's matter. */
  public void remove(Pool pool, ServerClose why) {
    pool.setRemoved();
    pool.closeServers(why);
    if (pools.remove(pool.key(), pool)) {
      pool.user().poolRemoved();
      pool.database().forget(pool.user().name());
    }
    starved.remove(pool);
    due.remove(pool);
    noteStarving();
  }

  /** Pauses, or resumes, all databases. */
  public void setPaused(boolean paused) {
    this.paused = paused;
  }

  /** Turns away all who would have to wait from now on. */
  public void setShuttingDown() {
    shuttingDown = true;
  }

  /** Serves every queue. */
  public void activateAll() {
    for (Pool pool : List.copyOf(pools.values())) {
      pool.lane().activate();
    }
  }

  /** Sets who is told, once a turn, that servers have gone. */
  public void observe(Runnable observer) {
    this.observer = observer;
  }

  // ---- places under limits that pools share

  /** A pool has waiters, but a limit that it shares with other pools is reached. */
  void starved(Pool pool) {
    starved.add(pool);
    if (!starving) {
      starving = true;
      commons.starves(true);
    }
    if (!asking && commons.isDivided()) {
      asking = true;
      commons.askToSpare(this, pool.key());
      loop.schedule(this::askAgain, ASK_PAUSE_MS);
    }
  }

  /** What has begun to starve since other loops were asked has not been asked for yet. */
  private void askAgain() {
    asking = false;
    serveStarved();
  }

  /** A place under a limit has become free in a pool, or a server that can be evicted. */
  void placeFreed(Pool where) {
    commons.placeFreed(this);
    if (starved.isEmpty()) {
      return;
    }
    for (Pool pool : List.copyOf(starved)) {
      if (pool.database() == where.database() || pool.user() == where.user()) {
        starved.remove(pool);
        serveLater(pool);
      }
    }
    noteStarving();
  }

  /** A place has become free on another loop. */
  void serveStarved() {
    List<Pool> served = List.copyOf(starved);
    starved.clear();
    served.forEach(this::serveLater);
    noteStarving();
  }

  private void noteStarving() {
    if (starving && starved.isEmpty()) {
      starving = false;
      commons.starves(false);
    }
  }

  /** A pool starves on another loop: closes a free server here that takes one of its places. */
  void spare(PoolKey starving) {
    Database database = catalog.peekDatabase(starving.database());
    User user = catalog.findUser(starving.user());
    if (database == null || user == null) {
      return;
    }
    PoolSettings limits = settings(starving, database, user);
    if (database.servers().isFull(limits.maxDbConnections())) {
      evictForDatabase(database);
    } else if (user.servers().isFull(limits.maxUserConnections())) {
      evictForUser(user);
    }
  }

  /** Serves a pool's queue at the end of this turn; who has waited longest comes first. */
  void serveLater(Pool pool) {
    if (pool.isRemoved()) {
      return;
    }
    if (due.isEmpty()) {
      loop.execute(this::serveDue);
    }
    due.add(pool);
  }

  private void serveDue() {
    List<Pool> served = new ArrayList<>(due);
    due.clear();
    served.removeIf(pool -> !pool.lane().isWaitedFor());
    served.sort(Comparator.comparingLong(Pools::waitingForNs).reversed());
    served.forEach(pool -> pool.lane().activate());
  }

  private static long waitingForNs(Pool pool) {
    WaitTicket first = pool.lane().guests().firstOfLane();
    return first == null ? 0 : pool.loop().nowNs() - first.sinceNs();
  }

  void serverGone() {
    Runnable told = observer;
    if (told != null) {
      told.run();
    }
  }

  /**
   * Closes the free server of a database that has done nothing for longest.
   *
   * @return false when no server could be spared
   */
  boolean evictForDatabase(Database database) {
    return evict(pool -> pool.database() == database);
  }

  /** Closes the free server of a user that has done nothing for longest. */
  boolean evictForUser(User user) {
    return evict(pool -> pool.user() == user);
  }

  /** Says whether a free server of a user could be evicted. */
  boolean maySpareForUser(User user) {
    return oldestFree(pool -> pool.user() == user) != null;
  }

  private boolean evict(Predicate<Pool> among) {
    Server oldest = oldestFree(among);
    if (oldest == null) {
      return false;
    }
    oldest.close(ServerClose.EVICTED);
    return true;
  }

  private @Nullable Server oldestFree(Predicate<Pool> among) {
    Server oldest = null;
    for (Pool pool : pools.values()) {
      if (!among.test(pool)) {
        continue;
      }
      Lane lane = pool.lane();
      oldest = older(oldest, lane.servers(ServerState.IDLE).last());
      if (lane.waiters().isEmpty()) {
        oldest = older(oldest, lane.servers(ServerState.USED).last());
        oldest = older(oldest, lane.servers(ServerState.TESTED).last());
      }
    }
    return oldest;
  }

  private static @Nullable Server older(@Nullable Server one, @Nullable Server other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.lastReadNs() <= other.lastReadNs() ? one : other;
  }

  // ---- queries

  /** The pool of a database and a user, or null. */
  public @Nullable Pool find(PoolKey key) {
    return pools.get(key);
  }

  /** All pools, in the order of SHOW POOLS. */
  public Collection<Pool> all() {
    return pools.values();
  }

  /** The pools of one database. */
  public List<Pool> of(Database database) {
    return pools.values().stream().filter(pool -> pool.database() == database).toList();
  }

  /** A number for a new client or server: unique in the life of the process. */
  public long nextId() {
    return commons.nextId();
  }

  /** What the pools of all event loops have in common. */
  Commons commons() {
    return commons;
  }

  public boolean isPaused() {
    return paused;
  }

  public boolean isShuttingDown() {
    return shuttingDown;
  }

  /** Passwords of databases that are kept outside the configuration. */
  public OutsidePasswords passwords() {
    return commons.passwords();
  }

  /** The TLS contexts in force, of both sides. */
  public Tls tls() {
    return commons.tls();
  }

  /** Where cancel requests go. */
  public CancelRouter cancels() {
    return cancels;
  }

  /** Where cancel requests go whose keys another pooler has given. */
  public PeerRouter peers() {
    return peers;
  }

  public Catalog catalog() {
    return catalog;
  }

  public LoopContext loop() {
    return loop;
  }

  public StatementCache statements() {
    return statements;
  }

  /** Tells what statements leave behind. */
  public StatementLook look() {
    return look;
  }

  /** Reads names of statements, for all clients of this loop. */
  public StatementNameText statementNames() {
    return statementNames;
  }

  public TrackedParameters tracked() {
    return tracked;
  }

  public ServerConnector connector() {
    return connector;
  }

  /** What is logged about the servers of a pool. */
  ServerLog logOf(PoolKey key) {
    return key.use() == PoolUse.LOOKUPS ? lookupLog : log;
  }

  /** What is logged about auth_query. */
  public ServerLog lookupLog() {
    return lookupLog;
  }

  /** How long a database made from {@code *} is kept unused; 0 for ever. */
  long autodbIdleTimeoutNs() {
    return PoolSettings.ns(config.values().get(Settings.AUTODB_IDLE_TIMEOUT));
  }

  /** Where PostgreSQL's sockets are when a database names no host. */
  public String defaultSocketDirectory() {
    return defaultSocketDirectory;
  }
}
