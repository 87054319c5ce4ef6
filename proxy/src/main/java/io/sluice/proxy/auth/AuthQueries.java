package io.sluice.proxy.auth;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.ServerClose;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks PostgreSQL for the secrets of users who are in no user list: {@code auth_query}, run as
 * {@code auth_user}, in {@code auth_dbname} or the client's own database. Confined to its event
 * loop.
 */
public final class AuthQueries implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(AuthQueries.class);

  /** The console is no database in which a query could run. */
  private static final String CONSOLE = "pgbouncer";

  /** A look-up in an index takes a millisecond. */
  private static final long LONGEST_NS = 60_000_000_000L;

  private final Pools pools;
  private final LookupCache cache = new LookupCache();
  private final Set<AuthQuery> running = new LinkedHashSet<>();
  private ProxyConfig config;

  public AuthQueries(Pools pools, ProxyConfig config) {
    this.pools = pools;
    this.config = config;
  }

  /** Where and how the query runs for a client. */
  private record Plan(String database, String asUser, String sql) {}

  /** Takes a new configuration; what was kept of answers is forgotten. */
  public void configure(ProxyConfig next) {
    config = next;
    cache.configure(PoolSettings.ns(next.values().get(Settings.AUTH_QUERY_CACHE_TTL)));
  }

  /**
   * Says whether the query can be run for clients of a database. It cannot for one that does not
   * exist: names of databases cannot be probed.
   */
  public boolean isPossible(String database) {
    return plan(database) != null;
  }

  private @Nullable Plan plan(String database) {
    DatabaseConfig entry = config.database(database);
    boolean isConsole = database.equals(CONSOLE);
    if (entry == null && !isConsole) {
      return null;
    }
    Values own = entry == null || isConsole ? Values.none() : entry.values();
    String user = choose(own, Settings.AUTH_USER);
    String in = choose(own, Settings.AUTH_DBNAME);
    String sql = choose(own, Settings.AUTH_QUERY);
    if (user == null || sql == null || (in == null && isConsole)) {
      return null;
    }
    return new Plan(in == null ? database : in, user, sql);
  }

  private @Nullable String choose(Values own, Setting<String> setting) {
    String value = own.find(setting);
    if (value == null || value.isBlank()) {
      value = config.values().find(setting);
    }
    return value == null || value.isBlank() ? null : value;
  }

  /**
   * Looks a user up.
   *
   * @param answered called once, perhaps before this returns
   * @return ends the look-up when its client has left
   */
  public Runnable find(String database, String user, Consumer<Lookup> answered) {
    Plan plan = plan(database);
    if (plan == null) {
      answered.accept(Lookup.Missing.INSTANCE);
      return () -> {};
    }
    LookupCache.Key key = key(plan, user);
    Lookup known = cache.find(key, pools.loop().nowNs());
    if (known != null) {
      answered.accept(known);
      return () -> {};
    }
    Database place = place(plan);
    if (place == null || place.isDisabled()) {
      answered.accept(unusable(plan, place));
      return () -> {};
    }
    Pool pool = pools.openForLookups(place, pools.catalog().openUser(plan.asUser()));
    return start(pool, key, answered);
  }

  private static LookupCache.Key key(Plan plan, String user) {
    return new LookupCache.Key(plan.database(), plan.asUser(), plan.sql(), user);
  }

  private @Nullable Database place(Plan plan) {
    return plan.database().equals(CONSOLE)
        ? null
        : pools.catalog().findDatabase(plan.database(), pools.loop().nowNs());
  }

  private Lookup unusable(Plan plan, @Nullable Database place) {
    if (place != null) {
      return new Lookup.Failed("authentication database \"" + plan.database() + "\" is disabled");
    }
    if (pools.lookupLog().mayLog(pools.loop().nowNs())) {
      log.warn("authentication database \"{}\" is not configured", plan.database());
    }
    return Lookup.Failed.CONFIG_ERROR;
  }

  private Runnable start(Pool pool, LookupCache.Key key, Consumer<Lookup> answered) {
    AuthQuery[] made = new AuthQuery[1];
    AuthQuery query =
        new AuthQuery(
            pool,
            key.sql(),
            key.user(),
            pools.lookupLog(),
            answer -> {
              running.remove(made[0]);
              cache.put(key, answer, pools.loop().nowNs());
              // Not from inside a read of the server.
              pools.loop().execute(() -> finish(pool, answer, answered));
            });
    made[0] = query;
    running.add(query);
    query.start();
    return query::abandon;
  }

  private void finish(Pool pool, Lookup answer, Consumer<Lookup> answered) {
    if (answer instanceof Lookup.Failed) {
      forgetIfUseless(pool);
    }
    answered.accept(answer);
  }

  /**
   * Removes what was made for a name that PostgreSQL does not know either: with {@code *},
   * strangers could otherwise fill us with names.
   */
  private void forgetIfUseless(Pool pool) {
    Database database = pool.database();
    boolean isUseless =
        database.isAutomatic()
            && pool.welcome() == null
            && pool.lane().serverCount() == 0
            && pool.lane().waiters().isEmpty()
            && database.clients().used() == 0
            && pools.of(database).equals(List.of(pool));
    if (isUseless) {
      pools.remove(pool, ServerClose.DATABASE_REMOVED);
      pools.catalog().removeDatabase(database);
    }
  }

  /** A login with the answer for a user has failed: it may be out of date. */
  public void doubt(String database, String user) {
    Plan plan = plan(database);
    if (plan != null) {
      cache.doubt(key(plan, user), pools.loop().nowNs());
    }
  }

  /** Ends what takes too long, or waits for a pool that is gone. */
  @Override
  public void maintain(long nowNs) {
    for (AuthQuery query : List.copyOf(running)) {
      if (query.pool().isRemoved()) {
        query.end("the database was removed");
      } else if (nowNs - query.startedNs() > LONGEST_NS) {
        query.end("no answer in 60s");
      }
    }
  }
}
