package io.sluice.proxy.pool;

import io.sluice.config.value.PoolMode;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.server.ReplySink;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerList;
import io.sluice.proxy.server.ServerState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic maintenance of all pools: the time-outs of servers and waiters, pool sizes, PAUSE. One
 * method per rule. Confined to the event loop.
 */
public final class Janitor implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(Janitor.class);

  private static final long NS_PER_S = 1_000_000_000L;

  /** A check or reset query takes milliseconds; a server that takes longer is not well. */
  private static final long TEST_TIMEOUT_NS = 60 * NS_PER_S;

  private final Pools pools;
  private boolean stopped;
  private long nowNs;

  public Janitor(Pools pools) {
    this.pools = pools;
  }

  /** Stops all time-outs, or starts them again: SUSPEND. */
  public void setStopped(boolean stopped) {
    this.stopped = stopped;
  }

  @Override
  public void maintain(long now) {
    if (stopped) {
      return;
    }
    nowNs = now;
    for (Pool pool : List.copyOf(pools.all())) {
      if (!pool.isRemoved()) {
        maintain(pool);
      }
    }
    dropIdleDatabases();
  }

  private void maintain(Pool pool) {
    if (pool.isPaused()) {
      closeFree(pool, ServerClose.PAUSED);
    } else {
      closeObsolete(pool);
      serverLifetimeAndIdle(pool, ServerState.USED);
      serverLifetimeAndIdle(pool, ServerState.IDLE);
      staleToUsed(pool);
      surplus(pool);
      minPoolSize(pool);
    }
    testTimeout(pool);
    connectTimeout(pool);
    holderTimeouts(pool);
    queryWaitTimeout(pool);
    waitNotices(pool);
    pool.lane().activate();
    poolIdleTimeout(pool);
  }

  /** PAUSE: what is free closes at once. */
  public void closeFree(Pool pool, ServerClose why) {
    for (ServerState state : List.of(ServerState.IDLE, ServerState.USED, ServerState.LOGIN)) {
      ServerList list = pool.lane().servers(state);
      for (Server s = list.first(); s != null; s = list.first()) {
        s.close(why);
      }
    }
  }

  /** RECONNECT and changed connection data: what is free closes. */
  private void closeObsolete(Pool pool) {
    for (ServerState state : List.of(ServerState.IDLE, ServerState.USED)) {
      for (Server s = pool.lane().servers(state).first(); s != null; ) {
        Server next = s.next();
        if (s.isCloseNeeded()) {
          s.close(ServerClose.RECONFIGURED);
        } else if (!s.isReady()) {
          s.close(ServerClose.DIRTY);
        }
        s = next;
      }
    }
    boolean fast = pool.settings().fastClose() && pool.settings().mode() == PoolMode.SESSION;
    for (Server s = pool.lane().servers(ServerState.ACTIVE).first(); s != null; ) {
      Server next = s.next();
      if (s.isCloseNeeded() && (isReplication(s) || (fast && s.isReady()))) {
        s.close(ServerClose.RECONFIGURED);
      }
      s = next;
    }
  }

  /** server_lifetime, server_idle_timeout. */
  private void serverLifetimeAndIdle(Pool pool, ServerState state) {
    PoolSettings settings = pool.settings();
    for (Server s = pool.lane().servers(state).first(); s != null; ) {
      Server next = s.next();
      boolean spare = pool.share().connected().used() > settings.minPoolSize();
      if (settings.serverLifetimeNs() > 0 && pool.isLifetimeOver(s)) {
        s.close(ServerClose.LIFETIME);
      } else if (settings.serverIdleTimeoutNs() > 0
          && spare
          && nowNs - s.idleSinceNs() >= settings.serverIdleTimeoutNs()) {
        s.close(ServerClose.IDLE_TIMEOUT);
      }
      s = next;
    }
  }

  /** server_check_delay: what was silent for longer is checked before it is used. */
  private void staleToUsed(Pool pool) {
    PoolSettings settings = pool.settings();
    if (!settings.checksServers()) {
      return;
    }
    for (Server s = pool.lane().servers(ServerState.IDLE).first(); s != null; ) {
      Server next = s.next();
      if (nowNs - s.lastReadNs() > settings.checkDelayNs()) {
        pool.lane().move(s, ServerState.USED);
      }
      s = next;
    }
  }

  /** pool_size was lowered. */
  private void surplus(Pool pool) {
    PoolSettings settings = pool.settings();
    if (settings.poolSize() <= 0) {
      return;
    }
    int most = settings.poolSize() + settings.reserveSize();
    for (ServerState state : List.of(ServerState.USED, ServerState.IDLE)) {
      ServerList list = pool.lane().servers(state);
      while (pool.share().servers().used() > most && list.last() != null) {
        Server last = list.last();
        if (last != null) {
          last.close(ServerClose.SURPLUS);
        }
      }
    }
  }

  /** min_pool_size: one more a pass. */
  private void minPoolSize(Pool pool) {
    PoolSettings settings = pool.settings();
    if (settings.linksEarly()) {
      return;
    }
    boolean wanted = pool.database().config().user() != null || pool.clientCount() > 0;
    int connected = pool.share().connected().used();
    if (connected < settings.minPoolSize() && connected < settings.poolSize() && wanted) {
      pool.launchSpare();
    }
  }

  /** A check or reset query that is not answered. */
  private void testTimeout(Pool pool) {
    for (Server s = pool.lane().servers(ServerState.TESTED).first(); s != null; ) {
      Server next = s.next();
      if (nowNs - s.stateSinceNs() > TEST_TIMEOUT_NS) {
        s.close(ServerClose.TEST_TIMEOUT);
      }
      s = next;
    }
  }

  /** server_connect_timeout. */
  private void connectTimeout(Pool pool) {
    long limit = pool.settings().connectTimeoutNs();
    if (limit == 0) {
      return;
    }
    for (Server s = pool.lane().servers(ServerState.LOGIN).first(); s != null; ) {
      Server next = s.next();
      if (nowNs - s.launchedNs() > limit) {
        s.close(ServerClose.CONNECT_TIMEOUT);
      }
      s = next;
    }
  }

  /** query_timeout, idle_transaction_timeout, transaction_timeout. */
  private void holderTimeouts(Pool pool) {
    PoolSettings settings = pool.settings();
    for (Server s = pool.lane().servers(ServerState.ACTIVE).first(); s != null; ) {
      Server next = s.next();
      ReplySink sink = s.sink();
      // A stream of changes is one query without an end.
      if (sink instanceof Waiter holder && !isReplication(s)) {
        holderTimeouts(s, holder, settings);
      } else if (sink instanceof Rescue rescue) {
        rescue.checkTime(nowNs);
      }
      s = next;
    }
  }

  private static boolean isReplication(Server server) {
    return server.replication() != Replication.NONE;
  }

  private void holderTimeouts(Server server, Waiter holder, PoolSettings settings) {
    // Also with nothing to be answered: what has begun ends with a ReadyForQuery, not before.
    boolean running = holder.queryStartNs() != 0;
    if (running && isOver(holder.queryStartNs(), settings.queryTimeoutNs())) {
      server.close(ServerClose.QUERY_TIMEOUT);
    } else if (!running
        && server.transactionStatus() != TransactionStatus.IDLE
        && isOver(server.idleSinceNs(), settings.idleTransactionTimeoutNs())) {
      server.close(ServerClose.IDLE_TRANSACTION);
    } else if (isOver(holder.transactionStartNs(), settings.transactionTimeoutNs())) {
      server.close(ServerClose.TRANSACTION_TIMEOUT);
    }
  }

  private boolean isOver(long sinceNs, long limitNs) {
    return limitNs > 0 && sinceNs != 0 && nowNs - sinceNs > limitNs;
  }

  /** query_wait_timeout; query_timeout of those who wait. */
  private void queryWaitTimeout(Pool pool) {
    queryWaitTimeout(pool, pool.lane().waiters().first());
    queryWaitTimeout(pool, pool.lane().guests().queue().first());
  }

  private void queryWaitTimeout(Pool pool, @Nullable WaitTicket first) {
    WaitTicket ticket = first;
    while (ticket != null) {
      WaitTicket next = ticket.next;
      Waiter waiter = ticket.waiter;
      if (isOver(waiter.requestedNs(), waiter.queryWaitTimeoutNs())) {
        turnAway(pool, waiter, "query_wait_timeout");
      } else if (isOver(waiter.queryStartNs(), pool.settings().waitingQueryTimeoutNs())) {
        turnAway(pool, waiter, "query_timeout");
      }
      ticket = next;
    }
  }

  private static void turnAway(Pool pool, Waiter waiter, String text) {
    pool.lane().leave(waiter);
    waiter.refused(Refusal.of(text));
  }

  /** query_wait_notify. */
  private void waitNotices(Pool pool) {
    long after = pool.settings().queryWaitNotifyNs();
    if (after == 0 || pool.isPaused()) {
      return;
    }
    // The queue is in order of age: the first who has not waited long enough ends the walk.
    WaitTicket ticket = pool.lane().waiters().first();
    while (ticket != null && nowNs - ticket.sinceNs() >= after + NS_PER_S) {
      if (!ticket.isNotified() && !ticket.waiter.wantsWelcomeOnly()) {
        ticket.setNotified();
        ticket.waiter.stillWaiting();
      }
      ticket = ticket.next;
    }
  }

  /** pool_idle_timeout. */
  private void poolIdleTimeout(Pool pool) {
    boolean kept = pool.database().config().user() != null && pool.settings().minPoolSize() > 0;
    boolean empty =
        pool.clientCount() == 0
            && pool.lane().serverCount() == 0
            && !pool.lane().isWaitedFor()
            && !kept;
    pool.noteEmptiness(empty);
    long limit = pool.settings().poolIdleTimeoutNs();
    if (limit > 0 && empty && nowNs - pool.emptySinceNs() > limit) {
      log.info(
          "cleaning up idle pool for user {} on db {} because: pool idle timeout (age= {}s)",
          pool.user(),
          pool.database(),
          (nowNs - pool.emptySinceNs()) / NS_PER_S);
      pools.remove(pool, ServerClose.IDLE_TIMEOUT);
    }
  }

  /** autodb_idle_timeout. */
  private void dropIdleDatabases() {
    long limit = pools.autodbIdleTimeoutNs();
    if (limit == 0) {
      return;
    }
    for (Database database : List.copyOf(pools.catalog().databases())) {
      if (database.isPaused() || database.clients().used() + database.servers().used() > 0) {
        database.touch(nowNs);
      } else if (database.isAutomatic() && nowNs - database.lastUsedNs() > limit) {
        drop(database);
      }
    }
  }

  private void drop(Database database) {
    log.info(
        "dropping database '{}' as it does not exist anymore or inactive auto-database", database);
    pools.of(database).forEach(pool -> pools.remove(pool, ServerClose.DATABASE_REMOVED));
    pools.catalog().removeDatabase(database);
  }
}
