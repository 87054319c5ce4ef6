package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.client.ClientJanitor;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.pool.Janitor;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * PAUSE, SUSPEND, RESUME and the waiting for them and for WAIT_CLOSE. Confined to the event loop.
 */
final class PauseControl implements Maintained {
  private final Pools pools;
  private final Clients clients;
  private final Listeners listeners;
  private final Janitor janitor;
  private final ClientJanitor clientJanitor;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean suspended;
  private long suspendedSinceNs;
  private boolean checkIsDue;

  /** Somebody who waits for something to become true, once. */
  private record Waiting(BooleanSupplier reached, Runnable then, Object who) {}

  PauseControl(
      Pools pools,
      Clients clients,
      Listeners listeners,
      Janitor janitor,
      ClientJanitor clientJanitor) {
    this.pools = pools;
    this.clients = clients;
    this.listeners = listeners;
    this.janitor = janitor;
    this.clientJanitor = clientJanitor;
  }

  // ---- PAUSE

  void pauseAll() {
    pools.setPaused(true);
    closeFree(null);
  }

  void pause(Database database) {
    database.setPaused(true);
    closeFree(database);
  }

  private void closeFree(@Nullable Database database) {
    for (Pool pool : selection(database)) {
      janitor.closeFree(pool, ServerClose.PAUSED);
    }
  }

  /** Undoes PAUSE, SUSPEND, and the pause that KILL leaves behind. */
  void resumeAll() {
    if (suspended) {
      resumeFromSuspend();
    }
    pools.setPaused(false);
    for (Database database : pools.catalog().databases()) {
      database.setPaused(false);
    }
    pools.activateAll();
  }

  void resume(Database database) {
    database.setPaused(false);
    pools.of(database).forEach(pool -> pool.lane().activate());
  }

  boolean isPaused() {
    return pools.isPaused();
  }

  /** Says whether every server of a database, or of all, is gone. */
  boolean isQuiet(@Nullable Database database) {
    return selection(database).stream().allMatch(pool -> pool.lane().serverCount() == 0);
  }

  // ---- SUSPEND

  /** Stops everything where it stands: nothing is read, connections stay. */
  void suspend() {
    suspended = true;
    suspendedSinceNs = pools.loop().nowNs();
    listeners.setAccepting(false);
    isStill();
    janitor.setStopped(true);
    clientJanitor.setStopped(true);
    for (Pool pool : selection(null)) {
      for (ServerState state : List.of(ServerState.USED, ServerState.TESTED)) {
        closeAll(pool, state);
      }
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
    janitor.setStopped(false);
    clientJanitor.setStopped(false);
    for (Client client = clients.first(); client != null; client = client.next()) {
      client.link().resume(Link.SUSPENDED);
    }
    forEachServer(server -> server.resume(Link.SUSPENDED));
  }

  boolean isSuspended() {
    return suspended;
  }

  /** Stops reading from whoever is quiet; says whether everybody is. */
  boolean isStill() {
    boolean still = true;
    for (Client client : clients.select(c -> c.pool() != null)) {
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

  private void forEachServer(java.util.function.Consumer<PgConnection> action) {
    for (Pool pool : pools.all()) {
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

  void reconnect(@Nullable Database database) {
    selection(database).forEach(Pool::reconnect);
  }

  /** Says whether no server of a database, or of all, is still to be closed. */
  boolean isReplaced(@Nullable Database database) {
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
  void kill(Database database) {
    database.setPaused(true);
    removePools(database);
  }

  /** Ends every client and server of a database. */
  void removePools(Database database) {
    for (Pool pool : pools.of(database)) {
      clients.closeAll(client -> client.pool() == pool, ClientClose.DATABASE_REMOVED);
      pools.remove(pool, ServerClose.DATABASE_REMOVED);
    }
  }

  /** user= of an entry has changed: nobody goes on as the user who was taken away. */
  void endFormerUsers(Database database) {
    String forced = database.config().user();
    for (Pool pool : pools.of(database)) {
      if (pool.key().isOurOwn()) {
        continue;
      }
      String served = pool.user().name();
      clients.closeAll(
          client ->
              client.pool() == pool && !served.equals(forced == null ? client.userName() : forced),
          ClientClose.USER_CHANGED);
      if (forced != null && !served.equals(forced)) {
        pools.remove(pool, ServerClose.CONNECT_STRING_CHANGED);
      }
    }
  }

  private List<Pool> selection(@Nullable Database database) {
    return database == null ? List.copyOf(pools.all()) : pools.of(database);
  }

  // ---- waiting

  /** Has something run when a condition holds: at once, or within a third of a second of it. */
  void when(BooleanSupplier reached, Object who, Runnable then) {
    waiting.add(new Waiting(reached, then, who));
    check();
  }

  /** Forgets what somebody waits for. */
  void forget(Object who) {
    waiting.removeIf(entry -> entry.who() == who);
  }

  /** Looks again at the end of this turn. */
  void checkLater() {
    if (!waiting.isEmpty() && !checkIsDue) {
      checkIsDue = true;
      pools
          .loop()
          .execute(
              () -> {
                checkIsDue = false;
                check();
              });
    }
  }

  private void check() {
    for (Waiting entry : List.copyOf(waiting)) {
      if (entry.reached().getAsBoolean() && waiting.remove(entry)) {
        entry.then().run();
      }
    }
  }

  @Override
  public void maintain(long nowNs) {
    if (suspended && !isStill()) {
      suspendTimeout(nowNs);
    }
    check();
  }

  /** suspend_timeout: who is not quiet by then is closed. */
  private void suspendTimeout(long nowNs) {
    long limit = PoolSettings.ns(clients.config().values().get(Settings.SUSPEND_TIMEOUT));
    if (limit > 0 && nowNs - suspendedSinceNs > limit) {
      for (Client client : clients.select(c -> c.pool() != null)) {
        if (!quieten(client)) {
          client.close(ClientClose.SUSPEND_TIMEOUT);
        }
      }
    }
  }
}
