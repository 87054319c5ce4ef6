package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.server.ServerTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings cancel requests to PostgreSQL, each over a connection of its own.
 *
 * <p>A request must hit the query that it was meant for and no other. Before it is sent, it is
 * dropped if the client has lost the server; once it is sent, the server is not given to anybody
 * else until PostgreSQL has closed the carrying connection. Confined to the event loop.
 */
public final class CancelRouter implements Maintained {
  /** Carriers beyond the pool's size: cancels are short, but must not swamp PostgreSQL. */
  private static final int CARRIERS_PER_SERVER = 2;

  private final Pools pools;
  private final List<CancelOrder> orders = new ArrayList<>();
  private long waitTimeoutNs;

  public CancelRouter(Pools pools) {
    this.pools = pools;
  }

  /** Sets cancel_wait_timeout. */
  public void configure(io.sluice.config.value.Values values) {
    waitTimeoutNs = PoolSettings.ns(values.get(Settings.CANCEL_WAIT_TIMEOUT));
  }

  /**
   * Sends a cancel request to the server that a client holds.
   *
   * @param ended called when the request has been delivered or dropped
   */
  public CancelOrder cancel(Pool pool, Server victim, Runnable ended) {
    CancelOrder order = new CancelOrder(pool, victim, ended, pools.loop().nowNs());
    orders.add(order);
    dispatch(order);
    return order;
  }

  /** The connection that brought the request is gone; what is sent stays sent. */
  public void abandon(CancelOrder order) {
    if (!order.isSent()) {
      drop(order);
    }
  }

  /** A client has given its server back: requests that were not sent yet are dropped. */
  public void released(Server victim) {
    if (orders.isEmpty()) {
      return;
    }
    for (CancelOrder order : List.copyOf(orders)) {
      if (order.victim() == victim && !order.isSent()) {
        order.detach();
        drop(order);
      }
    }
  }

  @Override
  public void maintain(long nowNs) {
    for (CancelOrder order : List.copyOf(orders)) {
      boolean late = waitTimeoutNs > 0 && nowNs - order.sinceNs() > waitTimeoutNs;
      if (late && order.isSent()) {
        giveUp(order);
      } else if (late) {
        drop(order);
      } else if (order.carrier() == null) {
        dispatch(order);
      }
    }
  }

  /**
   * PostgreSQL closes at once; a network that swallows the close must not park a server for ever.
   * The request may still arrive, so nobody else may be given the server.
   */
  private static void giveUp(CancelOrder order) {
    Server victim = order.victim();
    Server carrier = order.carrier();
    if (victim != null) {
      victim.requireClose();
    }
    if (carrier != null) {
      carrier.close(ServerClose.CANCEL_ABANDONED);
    }
  }

  private void dispatch(CancelOrder order) {
    Server victim = order.victim();
    ServerTarget target = victim == null ? null : victim.target();
    CancelKey key = victim == null ? null : victim.cancelKey();
    if (victim == null || target == null || key == null || victim.isClosed()) {
      drop(order);
      return;
    }
    if (victim.requests().isQueryOfOurs() && !victim.requests().isAttempt()) {
      // It would hit our own SET: the query that is meant comes behind it.
      return;
    }
    Pool pool = order.pool();
    int size = pool.settings().poolSize();
    if (size > 0 && pool.share().servers().used() >= CARRIERS_PER_SERVER * size) {
      return;
    }
    pool.places().takeAnyway();
    Server carrier = pool.launcher().make(null);
    carrier.setState(ServerState.CARRYING_CANCEL);
    pool.lane().addCarrier(carrier);
    order.carriedBy(carrier);
    carrier.onClosed(() -> carried(order));
    pools
        .connector()
        .carry(
            carrier,
            pool.launcher().destination(target.host()),
            target,
            new CarryPhase(carrier),
            connection -> send(order, key, connection));
  }

  private void send(CancelOrder order, CancelKey key, PgConnection connection) {
    Server victim = order.victim();
    Server carrier = order.carrier();
    if (victim == null || victim.isClosed() || order.isOver()) {
      if (carrier != null) {
        carrier.close(ServerClose.CANCEL_ABANDONED);
      }
      return;
    }
    order.markSent();
    victim.cancelStarted();
    ByteBuf out = connection.alloc().buffer();
    FrontendWriter.cancelRequest(out, key);
    connection.write(out);
  }

  /** The carrying connection has closed. */
  private void carried(CancelOrder order) {
    Server victim = order.victim();
    if (order.isSent() && victim != null) {
      victim.cancelEnded();
      if (!victim.isClosed()) {
        order.pool().lane().cancelEnded(victim);
      }
    }
    orders.remove(order);
    order.end();
    dispatchWaiting();
  }

  /** There may be a place for the next request. */
  private void dispatchWaiting() {
    for (CancelOrder order : List.copyOf(orders)) {
      if (order.carrier() == null && !order.isOver()) {
        dispatch(order);
      }
    }
  }

  private void drop(CancelOrder order) {
    orders.remove(order);
    Server carrier = order.carrier();
    order.end();
    if (carrier != null && !carrier.isClosed()) {
      carrier.close(ServerClose.CANCEL_ABANDONED);
    }
  }

  /** Requests of a pool that were not sent, or that were. */
  public int count(Pool pool, boolean sent) {
    int count = 0;
    for (CancelOrder order : orders) {
      if (order.pool() == pool && order.isSent() == sent) {
        count++;
      }
    }
    return count;
  }

  /** A connection that only carries a request: PostgreSQL answers by closing. */
  private record CarryPhase(Server carrier) implements Phase {
    @Override
    public void onRead(ByteBuf owned) {
      owned.release();
    }

    @Override
    public void onViolation(String sqlState, String text) {
      carrier.close(ServerClose.INTERNAL);
    }

    @Override
    public void onClosed(String cause) {
      carrier.close(ServerClose.CANCEL_SENT);
    }
  }

  /** The order that a carrier serves, for SHOW. */
  public @Nullable CancelOrder orderOf(Server carrier) {
    for (CancelOrder order : orders) {
      if (order.carrier() == carrier) {
        return order;
      }
    }
    return null;
  }
}
