package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * PAUSE, SUSPEND, RESUME and the waiting for them and for WAIT_CLOSE. To be called on the first
 * event loop, while it is alone; except {@link #checkLater}.
 */
final class PauseControl implements Maintained {
  private final Workers workers;
  private final Pools pools;
  private final Listeners listeners;
  private final List<Waiting> waiting = new ArrayList<>();
  private final AtomicBoolean checkIsDue = new AtomicBoolean();
  private volatile boolean awaited;
  private boolean suspended;
  private long suspendedSinceNs;

  /** Somebody who waits for something to become true, once. */
  private record Waiting(BooleanSupplier reached, Runnable then, Object who) {}

  PauseControl(Workers workers, Listeners listeners) {
    this.workers = workers;
    this.pools = workers.first().pools();
    this.listeners = listeners;
  }

  // ---- PAUSE

  void pauseAll() {
    for (Worker worker : workers.all()) {
      worker.pools().setPaused(true);
      for (Pool pool : List.copyOf(worker.pools().all())) {
        worker.janitor().closeFree(pool, ServerClose.PAUSED);
      }
    }
  }

  void pause(String database) {
    forEach(database, (worker, entry) -> pause(worker, entry));
  }

  private static void pause(Worker worker, Database entry) {
    entry.setPaused(true);
    for (Pool pool : worker.pools().of(entry)) {
      worker.janitor().closeFree(pool, ServerClose.PAUSED);
    }
  }

  /** Undoes PAUSE, SUSPEND, and the pause that KILL leaves behind. */
  void resumeAll() {
    if (suspended) {
      resumeFromSuspend();
    }
    for (Worker worker : workers.all()) {
      worker.pools().setPaused(false);
      for (Database database : worker.pools().catalog().databases()) {
        database.setPaused(false);
      }
      worker.pools().activateAll();
    }
  }

  void resume(String database) {
    forEach(
        database,
        (worker, entry) -> {
          entry.setPaused(false);
          worker.pools().of(entry).forEach(pool -> pool.lane().activate());
        });
  }

  void setDisabled(String database, boolean disabled) {
    forEach(database, (worker, entry) -> entry.setDisabled(disabled));
  }

  /** The entry of a database on every loop; made where it comes from {@code *}. */
  private void forEach(String database, BiConsumer<Worker, Database> action) {
    for (Worker worker : workers.all()) {
      Database entry = worker.pools().catalog().findDatabase(database, worker.loop().nowNs());
      if (entry != null) {
        action.accept(worker, entry);
      }
    }
  }

  boolean isPaused() {
    return pools.isPaused();
  }

  /** Says whether every server of a database, or of all, is gone. */
  boolean isQuiet(@Nullable String database) {
    return selection(database).stream().allMatch(pool -> pool.lane().serverCount() == 0);
  }

  // ---- SUSPEND

  /** Stops everything where it stands: nothing is read, connections stay. */
  void suspend() {
    suspended = true;
    suspendedSinceNs = pools.loop().nowNs();
    listeners.setAccepting(false);
    isStill();
    setJanitorsStopped(true);
    for (Pool pool : selection(null)) {
      for (ServerState state : List.of(ServerState.USED, ServerState.TESTED)) {
        closeAll(pool, state);
      }
    }
  }

  private void setJanitorsStopped(boolean stopped) {
    for (Worker worker : workers.all()) {
      worker.janitor().setStopped(stopped);
      worker.clientJanitor().setStopped(stopped);
    }
  }

  private static void closeAll(Pool pool, ServerState state) {
    for (Server s = pool.lane().servers(state).first();
        s != null;
        s = pool.lane().servers(state).first()) {
      s.close(ServerClose.PAUSED);
    }
  }

  private void resumeFromSuspend() {
    suspended = false;
    listeners.setAccepting(true);
    setJanitorsStopped(false);
    workers.clients(client -> true).forEach(client -> client.link().resume(Link.SUSPENDED));
    forEachServer(server -> server.resume(Link.SUSPENDED));
  }

  boolean isSuspended() {
    return suspended;
  }

  /** Stops reading from whoever is quiet; says whether everybody is. */
  boolean isStill() {
    boolean still = true;
    for (Client client : workers.clients(c -> c.pool() != null)) {
      still &= quieten(client);
    }
    return still;
  }

  private boolean quieten(Client client) {
    Server server = client.server();
    boolean busy = !client.isBetweenMessages();
    if (!busy) {
      // No new request is read; what runs comes to its end.
      client.link().pause(Link.SUSPENDED);
    }
    busy |= client.connection().pendingBytes() > 0;
    if (server != null) {
      PgConnection connection = server.connection();
      busy |= !server.requests().isEmpty();
      busy |= connection != null && connection.pendingBytes() > 0;
    }
    if (!busy && server != null) {
      server.link().pause(Link.SUSPENDED);
    }
    return !busy;
  }

  private void forEachServer(Consumer<PgConnection> action) {
    for (Pool pool : workers.pools()) {
      // One may have come to another state since it was stopped: its client has left.
      for (ServerState state : ServerState.values()) {
        Server first = state == ServerState.CLOSED ? null : pool.lane().servers(state).first();
        for (Server s = first; s != null; s = s.next()) {
          PgConnection connection = s.connection();
          if (connection != null) {
            action.accept(connection);
          }
        }
      }
    }
  }

  // ---- RECONNECT, WAIT_CLOSE, KILL

  void reconnect(@Nullable String database) {
    selection(database).forEach(Pool::reconnect);
  }

  /** Says whether no server of a database, or of all, is still to be closed. */
  boolean isReplaced(@Nullable String database) {
    for (Pool pool : selection(database)) {
      for (ServerState state : ServerState.values()) {
        if (state != ServerState.CLOSED && anyCloseNeeded(pool, state)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean anyCloseNeeded(Pool pool, ServerState state) {
    for (Server s = pool.lane().servers(state).first(); s != null; s = s.next()) {
      if (s.isCloseNeeded()) {
        return true;
      }
    }
    return false;
  }

  /** Ends every client and server of a database, and leaves it paused. */
  void kill(String database) {
    forEach(database, this::removePools);
  }

  /** The same for all databases. */
  void killAll() {
    for (Worker worker : workers.all()) {
      for (Database entry : List.copyOf(worker.pools().catalog().databases())) {
        removePools(worker, entry);
      }
    }
  }

  /** Ends every client and server of a database on one loop, and pauses what is left of it. */
  void removePools(Worker worker, Database database) {
    // Nobody who waits gets the server of one who is closed before him.
    database.setPaused(true);
    for (Pool pool : worker.pools().of(database)) {
      worker.clients().closeAll(client -> client.pool() == pool, ClientClose.DATABASE_REMOVED);
      worker.pools().remove(pool, ServerClose.DATABASE_REMOVED);
    }
  }

  /** user= of an entry has changed: nobody goes on as the user who was taken away. */
  void endFormerUsers(Worker worker, Database database) {
    String forced = database.config().user();
    for (Pool pool : worker.pools().of(database)) {
      if (pool.key().isOurOwn()) {
        continue;
      }
      String served = pool.user().name();
      worker
          .clients()
          .closeAll(
              client ->
                  client.pool() == pool
                      && !served.equals(forced == null ? client.userName() : forced),
              ClientClose.USER_CHANGED);
      if (forced != null && !served.equals(forced)) {
        worker.pools().remove(pool, ServerClose.CONNECT_STRING_CHANGED);
      }
    }
  }

  /** The pools of one database, or of all, on all loops. */
  private List<Pool> selection(@Nullable String database) {
    List<Pool> all = workers.pools();
    if (database != null) {
      all.removeIf(pool -> !pool.database().name().equals(database));
    }
    return all;
  }

  // ---- waiting

  /** Has something run when a condition holds: at once, or within a third of a second of it. */
  void when(BooleanSupplier reached, Object who, Runnable then) {
    waiting.add(new Waiting(reached, then, who));
    awaited = true;
    check();
  }

  /** Forgets what somebody waits for. */
  void forget(Object who) {
    waiting.removeIf(entry -> entry.who() == who);
  }

  /** Looks again soon. May be called on any loop. */
  void checkLater() {
    if (awaited && checkIsDue.compareAndSet(false, true)) {
      pools
          .loop()
          .execute(
              () -> {
                checkIsDue.set(false);
                workers.loops().alone(this::check);
              });
    }
  }

  private void check() {
    for (Waiting entry : List.copyOf(waiting)) {
      if (entry.reached().getAsBoolean() && waiting.remove(entry)) {
        entry.then().run();
      }
    }
    awaited = !waiting.isEmpty();
  }

  @Override
  public void maintain(long nowNs) {
    if (suspended || awaited) {
      workers
          .loops()
          .alone(
              () -> {
                if (suspended && !isStill()) {
                  suspendTimeout(nowNs);
                }
                check();
              });
    }
  }

  /** suspend_timeout: who is not quiet by then is closed. */
  private void suspendTimeout(long nowNs) {
    long limit =
        PoolSettings.ns(workers.first().clients().config().values().get(Settings.SUSPEND_TIMEOUT));
    if (limit > 0 && nowNs - suspendedSinceNs > limit) {
      for (Client client : workers.clients(c -> c.pool() != null)) {
        if (!quieten(client)) {
          client.close(ClientClose.SUSPEND_TIMEOUT);
        }
      }
    }
  }
}
