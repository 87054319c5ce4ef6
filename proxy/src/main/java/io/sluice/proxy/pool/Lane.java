package io.sluice.proxy.pool;

import io.sluice.config.value.PoolMode;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.server.ReplySink;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerList;
import io.sluice.proxy.server.ServerOwner;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.session.SessionState;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a pool, by state, and the queue of those who wait for one.
 *
 * <p>A server's state is the list that it is in; {@link #move} is the only way from one to another.
 * A server that is released goes to the one who has waited longest in the same turn. Confined to
 * its event loop.
 */
@HotPath
public final class Lane implements ServerOwner {
  private final Pool pool;
  private final Map<ServerState, ServerList> lists = new EnumMap<>(ServerState.class);
  private final ServerList idle = list(ServerState.IDLE);
  private final ServerList used = list(ServerState.USED);
  private final ServerList tested = list(ServerState.TESTED);
  private final ServerList active = list(ServerState.ACTIVE);
  private final ServerList login = list(ServerState.LOGIN);
  private final ServerList beingCanceled = list(ServerState.BEING_CANCELED);
  private final ServerList carryingCancel = list(ServerState.CARRYING_CANCEL);
  private final WaitQueue waiters = new WaitQueue();
  private final GuestQueue guests = new GuestQueue(this);
  private boolean activating;
  private boolean activateAgain;

  Lane(Pool pool) {
    this.pool = pool;
  }

  private ServerList list(ServerState state) {
    ServerList made = new ServerList();
    lists.put(state, made);
    return made;
  }

  // ---- what waiters want

  /**
   * Gives a free server to a waiter, unless others have waited longer.
   *
   * @return the server; null when the waiter has to {@link #enqueue}
   */
  public @Nullable Server lease(Waiter waiter) {
    if (!waiters.isEmpty() || pool.isPaused()) {
      return null;
    }
    Server server = takeIdle();
    if (server != null) {
      link(server, waiter);
    }
    return server;
  }

  /** Queues a waiter; it may be leased a server, or turned away, before this returns. */
  public void enqueue(Waiter waiter) {
    Refusal refusal = pool.refusalNow(waiter);
    if (refusal == null && waiter.guest() != null) {
      guests.add(waiter);
      activate();
      return;
    }
    if (refusal != null) {
      // Somebody has to find out when PostgreSQL is back.
      pool.launch();
      waiter.refused(refusal);
      return;
    }
    waiters.add(waiter.ticket(), pool.loop().nowNs());
    activate();
  }

  /** Takes a waiter out of the queue: it has left, or its time is over. */
  public void leave(Waiter waiter) {
    WaitQueue queue = waiter.ticket().queue;
    if (queue != null) {
      queue.remove(waiter.ticket());
    }
  }

  /** A holder has left for good; what becomes of its server depends on what is under way. */
  public void holderGone(Server server, boolean betweenMessages) {
    if (server.isClosed()) {
      return;
    }
    if (!betweenMessages) {
      detachAndClose(server, ServerClose.CLIENT_MID_MESSAGE);
    } else if (server.guest() != null) {
      detachAndClose(
          server,
          server.replication() == Replication.NONE
              ? ServerClose.GUEST_LEFT
              : ServerClose.REPLICATION_ENDED);
    } else if (server.isReady() && !server.isCopyIn()) {
      release(server);
    } else if (Rescue.isWorthIt(pool, server)) {
      Rescue.begin(pool, server);
    } else {
      detachAndClose(server, ServerClose.CLIENT_NOT_READY);
    }
  }

  private static void detachAndClose(Server server, ServerClose why) {
    server.attach(null);
    server.close(why);
  }

  // ---- events of servers

  @Override
  public void connected(Server server) {
    pool.loginSucceeded(server);
    if (server.isCloseNeeded()) {
      server.close(ServerClose.CONNECT_STRING_CHANGED);
      return;
    }
    pool.share().connected().take();
    if (server.guest() != null && server.sink() instanceof Waiter guest) {
      move(server, ServerState.ACTIVE);
      pool.counters().serverAssignments++;
      guest.leased(server);
      return;
    }
    move(server, ServerState.IDLE);
    offer(server);
  }

  @Override
  public void loginRefused(Server server, Refusal refusal) {
    if (server.guest() == null) {
      pool.loginRefused(refusal);
    }
  }

  @Override
  public void ready(Server server) {
    if (server.state() != ServerState.ACTIVE) {
      return;
    }
    ReplySink sink = server.sink();
    if (sink instanceof Rescue && server.isReady()) {
      release(server);
    }
    if (!(sink instanceof Waiter holder)) {
      return;
    }
    if (server.transactionStatus() != TransactionStatus.IDLE) {
      if (pool.settings().mode() == PoolMode.STATEMENT && server.guest() == null) {
        server.close(ServerClose.STATEMENT_MODE);
      }
      return;
    }
    if (pool.settings().mode() != PoolMode.SESSION && server.guest() == null) {
      boolean kept = pool.settings().pinsState() && server.session().binds();
      if (holder.isBetweenMessages() && !kept) {
        holder.serverReleased();
        release(server);
      }
    } else if (server.isCloseNeeded() && pool.settings().fastClose()) {
      server.close(ServerClose.RECONFIGURED);
    }
  }

  @Override
  public void closed(Server server, ServerClose why, String text) {
    boolean wasLogin = server.state() == ServerState.LOGIN;
    if (!wasLogin && server.state() != ServerState.CARRYING_CANCEL) {
      pool.share().connected().giveBack();
    }
    servers(server.state()).remove(server);
    server.setState(ServerState.CLOSED);
    pool.closed(server, wasLogin, why, text);
  }

  // ---- leasing and releasing

  private @Nullable Server takeIdle() {
    for (Server server = idle.first(); server != null; server = idle.first()) {
      if (server.isCloseNeeded()) {
        server.close(ServerClose.OBSOLETE);
      } else if (!server.isReady()) {
        server.close(ServerClose.DIRTY);
      } else {
        return server;
      }
    }
    return null;
  }

  private void link(Server server, Waiter waiter) {
    move(server, ServerState.ACTIVE);
    server.attach(waiter);
    pool.counters().serverAssignments++;
  }

  /** Takes a server back that owes nothing. */
  private void release(Server server) {
    server.attach(null);
    pool.cancels().released(server);
    finishRelease(server);
  }

  private void finishRelease(Server server) {
    PoolSettings settings = pool.settings();
    if (pool.isLifetimeOver(server)) {
      server.close(ServerClose.LIFETIME);
    } else if (server.isCloseNeeded()) {
      server.close(ServerClose.CLOSE_NEEDED);
    } else if (server.cancelsInFlight() > 0) {
      if (server.state() != ServerState.BEING_CANCELED) {
        move(server, ServerState.BEING_CANCELED);
      }
    } else if (pool.isPaused()) {
      server.close(ServerClose.PAUSED);
    } else if (settings.resetsServers()) {
      reset(server, ResetTask.of(this, settings.resetQuery()));
    } else if (server.session().isListeningForAnother()
        || (settings.cleansState() && !server.session().isClean())) {
      clean(server);
    } else {
      makeFree(server);
    }
  }

  /** Takes away what its client has left in the session, and no more. */
  private void clean(Server server) {
    boolean all = pool.settings().cleansState();
    String cure = all ? server.session().cure() : SessionState.listenCure();
    if (cure == null) {
      server.close(ServerClose.STATE_STAYS);
    } else {
      reset(server, ResetTask.cure(this, cure));
    }
  }

  void reset(Server server, ResetTask task) {
    move(server, ServerState.TESTED);
    server.run(task);
  }

  /** A cancel request aimed at a server has ended; goes on with the release that waited for it. */
  void cancelEnded(Server server) {
    if (server.state() == ServerState.BEING_CANCELED) {
      finishRelease(server);
    }
  }

  /** A check or reset query has ended well. */
  void tested(Server server) {
    if (server.isCloseNeeded()) {
      server.close(ServerClose.CLOSE_NEEDED);
    } else if (pool.isLifetimeOver(server)) {
      server.close(ServerClose.LIFETIME);
    } else if (pool.isPaused()) {
      server.close(ServerClose.PAUSED);
    } else {
      move(server, ServerState.IDLE);
      offer(server);
    }
  }

  private void makeFree(Server server) {
    boolean checked = pool.settings().checkDelayNs() == 0 && pool.settings().checksServers();
    move(server, checked ? ServerState.USED : ServerState.IDLE);
    offer(server);
  }

  /** A server is free: somebody on another loop may have waited longer than those here. */
  void offer(Server server) {
    if (server.state() == ServerState.IDLE && pool.hunger().give(server)) {
      return;
    }
    activate();
    if (waiters.isEmpty()) {
      pool.serverIsSpare();
    }
  }

  /** Moves a server to another state and to the list that belongs to it. */
  void move(Server server, ServerState next) {
    servers(server.state()).remove(server);
    server.setState(next);
    boolean front =
        next == ServerState.USED
            || (next == ServerState.IDLE
                && !pool.settings().roundRobin()
                && !server.isCloseNeeded());
    if (front) {
      servers(next).addFirst(server);
    } else {
      servers(next).addLast(server);
    }
  }

  /** Enters a connection that carries a cancel request. */
  void addCarrier(Server server) {
    carryingCancel.addLast(server);
  }

  /** Enters a server that is being launched. */
  void add(Server server) {
    login.addLast(server);
  }

  // ---- serving the queue

  /** Gives free servers to those who wait, and asks for more if there are too few. */
  public void activate() {
    if (activating) {
      activateAgain = true;
      return;
    }
    activating = true;
    try {
      do {
        activateAgain = false;
        guests.serve();
        serveWaiters();
      } while (activateAgain);
    } finally {
      activating = false;
    }
  }

  private void serveWaiters() {
    while (!pool.isPaused()) {
      Waiter waiter = waiters.firstWaiter();
      if (waiter == null) {
        pool.hunger().sated();
        return;
      }
      if (waiter.wantsWelcomeOnly() && pool.welcome() != null) {
        waiters.remove(waiter.ticket());
        waiter.welcomed();
        continue;
      }
      Server server = waiter.wantsWelcomeOnly() ? null : takeIdle();
      if (server == null) {
        seekServer();
        return;
      }
      waiters.remove(waiter.ticket());
      link(server, waiter);
      waiter.leased(server);
    }
  }

  /** Finds servers for those who wait: checks used ones, launches one more. */
  private void seekServer() {
    int missing = waiters.size() - tested.size();
    while (missing > 0) {
      Server server = used.first();
      if (server == null) {
        pool.launch();
        return;
      }
      check(server);
      missing--;
    }
  }

  private void check(Server server) {
    if (server.isCloseNeeded()) {
      server.close(ServerClose.OBSOLETE);
    } else if (!server.isReady()) {
      server.close(ServerClose.DIRTY);
    } else {
      move(server, ServerState.TESTED);
      server.run(new CheckTask(this, pool.settings().checkStatement()));
    }
  }

  // ---- queries

  public Pool pool() {
    return pool;
  }

  public WaitQueue waiters() {
    return waiters;
  }

  /** Those who wait for a server of their own. */
  public GuestQueue guests() {
    return guests;
  }

  /** Says whether anybody waits for a server. */
  boolean isWaitedFor() {
    return !waiters.isEmpty() || !guests.isEmpty();
  }

  /** The servers in a state. */
  public ServerList servers(ServerState state) {
    ServerList servers = lists.get(state);
    if (servers == null) {
      throw new IllegalArgumentException("no list of servers that are " + state);
    }
    return servers;
  }

  /** All servers, also those that are being made. */
  public int serverCount() {
    return connectedCount() + login.size() + carryingCancel.size();
  }

  /** Servers that are logged in. */
  public int connectedCount() {
    return active.size() + idle.size() + used.size() + tested.size() + beingCanceled.size();
  }
}
