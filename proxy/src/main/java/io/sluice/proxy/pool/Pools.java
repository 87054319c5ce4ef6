package io.sluice.proxy.pool;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerConnector;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.server.TrackedParameters;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All pools, by database and user, and what they share. Confined to the event loop. */
public final class Pools {
  private final LoopContext loop;
  private final Catalog catalog;
  private final ServerConnector connector;
  private final TrackedParameters tracked;
  private final StatementCache statements = new StatementCache();
  private final TreeMap<PoolKey, Pool> pools = new TreeMap<>();
  private final CancelRouter cancels = new CancelRouter(this);
  private ProxyConfig config;
  private String defaultSocketDirectory = "/tmp";
  private @Nullable Runnable observer;
  private boolean paused;
  private boolean shuttingDown;
  private long lastId;

  public Pools(
      LoopContext loop,
      Catalog catalog,
      ServerConnector connector,
      TrackedParameters tracked,
      ProxyConfig config) {
    this.loop = loop;
    this.catalog = catalog;
    this.connector = connector;
    this.tracked = tracked;
    this.config = config;
  }

  // ---- commands

  /** The pool of a database and a user, made when there is none. */
  public Pool open(Database database, User user) {
    PoolKey key = new PoolKey(database.name(), user.name());
    Pool pool = pools.get(key);
    if (pool == null) {
      pool = new Pool(this, database, user, settings(database, user));
      pools.put(key, pool);
    }
    return pool;
  }

  private PoolSettings settings(Database database, User user) {
    return PoolSettings.of(config, database.config(), user.config());
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
    for (Pool pool : pools.values()) {
      pool.configure(settings(pool.database(), pool.user()));
    }
    openForced();
  }

  /** Makes the pools that exist without a client: a forced user and min_pool_size. */
  private void openForced() {
    for (Database database : catalog.databases()) {
      String forced = database.config().user();
      if (forced != null) {
        User user = catalog.openUser(forced);
        if (settings(database, user).minPoolSize() > 0) {
          open(database, user);
        }
      }
    }
  }

  /** Removes a pool and closes its servers; its clients are the caller's matter. */
  public void remove(Pool pool, ServerClose why) {
    pool.setRemoved();
    pool.closeServers(why);
    pools.remove(pool.key(), pool);
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

  void serverGone(Pool pool) {
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

  private boolean evict(Predicate<Pool> among) {
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
    if (oldest == null) {
      return false;
    }
    oldest.close(ServerClose.EVICTED);
    return true;
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
    return ++lastId;
  }

  public boolean isPaused() {
    return paused;
  }

  public boolean isShuttingDown() {
    return shuttingDown;
  }

  /** Where cancel requests go. */
  public CancelRouter cancels() {
    return cancels;
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

  public TrackedParameters tracked() {
    return tracked;
  }

  public ServerConnector connector() {
    return connector;
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
