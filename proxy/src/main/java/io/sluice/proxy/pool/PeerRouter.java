package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.SocketTuning;
import io.sluice.proxy.server.PeerLink;
import io.sluice.proxy.server.ServerConnector;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes cancel requests on to the pooler that has given their keys: where several listen on one
 * address, a request may come to any of them. Confined to the event loop.
 */
public final class PeerRouter implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(PeerRouter.class);

  private final LoopContext loop;
  private final Tls tls;
  private final ServerConnector connector;
  private final List<PeerOrder> orders = new ArrayList<>();
  private Map<Integer, PeerConfig> peers = Map.of();
  private Values values = Values.none();
  private @Nullable SocketTuning tuning;
  private int ownId;
  private int defaultSize;
  private long waitTimeoutNs;
  private long connectTimeoutNs;

  PeerRouter(LoopContext loop, Tls tls, ServerConnector connector) {
    this.loop = loop;
    this.tls = tls;
    this.connector = connector;
  }

  /** Takes a new configuration; a peer that was removed gets nothing more. */
  void configure(ProxyConfig config) {
    peers = config.peers();
    values = config.values();
    tuning = PoolSettings.tuning(config.values());
    ownId = config.values().get(Settings.PEER_ID);
    defaultSize = config.values().get(Settings.DEFAULT_POOL_SIZE);
    waitTimeoutNs = PoolSettings.ns(config.values().get(Settings.CANCEL_WAIT_TIMEOUT));
    connectTimeoutNs = PoolSettings.ns(config.values().get(Settings.SERVER_CONNECT_TIMEOUT));
    for (PeerOrder order : List.copyOf(orders)) {
      if (!peers.containsKey(order.peerId())) {
        finish(order);
      }
    }
  }

  /**
   * Sends a key on.
   *
   * @param ended called when the peer has closed the connection, or cannot be reached; not when
   *     this returns null
   * @return null when there is no such peer
   */
  public @Nullable PeerOrder pass(int peerId, CancelKey key, Runnable ended) {
    if (ownId == 0 || peerId == ownId || !peers.containsKey(peerId)) {
      return null;
    }
    PeerOrder order = new PeerOrder(peerId, key, ended, loop.nowNs());
    orders.add(order);
    dispatch(order);
    return order;
  }

  /** The connection that brought the request is gone; what is sent stays sent. */
  public void abandon(PeerOrder order) {
    if (!order.isSent()) {
      finish(order);
    }
  }

  @Override
  public void maintain(long nowNs) {
    for (PeerOrder order : List.copyOf(orders)) {
      if (waitTimeoutNs > 0 && nowNs - order.sinceNs() > waitTimeoutNs) {
        finish(order);
      }
    }
  }

  private void dispatch(PeerOrder order) {
    PeerConfig peer = peers.get(order.peerId());
    SocketTuning options = tuning;
    if (peer == null || options == null) {
      finish(order);
      return;
    }
    int size = sizeOf(peer);
    if (order.isUnderWay() || (size > 0 && underWay(peer.id()) >= size)) {
      return;
    }
    order.setConnecting();
    Destination to =
        new Destination(
            peer.host(), peer.host(), peer.port(), options, connectTimeoutNs, context(peer));
    connector.reach(to, new CarryPhase(order, peer));
  }

  private @Nullable TlsContext context(PeerConfig peer) {
    return Destination.isUnix(peer.host())
        ? null
        : tls.servers(TlsSettings.forPeer(values, peer.values()));
  }

  private void finish(PeerOrder order) {
    orders.remove(order);
    order.end();
    for (PeerOrder waiting : List.copyOf(orders)) {
      dispatch(waiting);
    }
  }

  private int underWay(int peerId) {
    int count = 0;
    for (PeerOrder order : orders) {
      if (order.peerId() == peerId && order.isUnderWay()) {
        count++;
      }
    }
    return count;
  }

  /** Most requests on their way to a peer; 0 for any number. */
  public int sizeOf(PeerConfig peer) {
    Integer own = peer.poolSize();
    return own == null || own < 0 ? defaultSize : own;
  }

  /** Requests to a peer that it was sent, or those that it was not sent yet. */
  public int count(int peerId, boolean sent) {
    int count = 0;
    for (PeerOrder order : orders) {
      if (order.peerId() == peerId && order.isSent() == sent) {
        count++;
      }
    }
    return count;
  }

  /** Connections to a peer that are being made. */
  public int connecting(int peerId) {
    return underWay(peerId) - count(peerId, true);
  }

  /** A peer answers by closing. */
  private final class CarryPhase implements Phase, PeerLink.Caller {
    private final PeerOrder order;
    private final PeerConfig peer;

    CarryPhase(PeerOrder order, PeerConfig peer) {
      this.order = order;
      this.peer = peer;
    }

    @Override
    public boolean connected(PgConnection connection) {
      connection.enter(this);
      order.carriedBy(connection);
      return !order.isOver();
    }

    @Override
    public void reached(PgConnection connection) {
      connection.enter(this);
      order.setSent();
      ByteBuf out = connection.alloc().buffer();
      FrontendWriter.cancelRequest(out, order.key());
      connection.write(out);
    }

    @Override
    public void failed(String reason) {
      log.warn("peer-{}@{}:{} {}", peer.id(), peer.host(), peer.port(), reason);
      finish(order);
    }

    @Override
    public void onRead(ByteBuf owned) {
      owned.release();
    }

    @Override
    public void onViolation(String sqlState, String text) {
      finish(order);
    }

    @Override
    public void onClosed(String cause) {
      finish(order);
    }
  }
}
