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
import java.util.HashMap;
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
  private final Map<Integer, PeerQueue> queues = new HashMap<>();
  private Map<Integer, PeerConfig> peers = Map.of();
  private Values values = Values.none();
  private @Nullable SocketTuning tuning;
  private int ownId;
  private int defaultSize;
  private long limitNs;
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
    limitNs =
        shorter(
            PoolSettings.ns(config.values().get(Settings.CANCEL_WAIT_TIMEOUT)),
            PoolSettings.ns(config.values().get(Settings.CLIENT_LOGIN_TIMEOUT)));
    connectTimeoutNs = PoolSettings.ns(config.values().get(Settings.SERVER_CONNECT_TIMEOUT));
    for (PeerQueue queue : List.copyOf(queues.values())) {
      if (peers.containsKey(queue.peerId())) {
        launch(queue);
      } else {
        queues.remove(queue.peerId());
        queue.all().forEach(this::finish);
      }
    }
  }

  /** Whoever brings a key that we have not given has proved nothing: some limit has to hold. */
  private static long shorter(long oneNs, long otherNs) {
    return oneNs == 0 || otherNs == 0 ? Math.max(oneNs, otherNs) : Math.min(oneNs, otherNs);
  }

  /** Says whether a peer has so many requests before it that no more are taken. */
  public boolean isFull(int peerId) {
    PeerQueue queue = queues.get(peerId);
    return queue != null && queue.isFull();
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
    PeerQueue queue = queues.computeIfAbsent(peerId, PeerQueue::new);
    PeerOrder order = new PeerOrder(queue, key, ended, loop.nowNs());
    queue.add(order);
    launch(queue);
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
    if (limitNs == 0) {
      return;
    }
    for (PeerQueue queue : queues.values()) {
      for (PeerOrder order : queue.all()) {
        if (nowNs - order.sinceNs() > limitNs) {
          finish(order);
        }
      }
    }
  }

  /** Sends on as many as there are places for. */
  private void launch(PeerQueue queue) {
    PeerConfig peer = peers.get(queue.peerId());
    SocketTuning options = tuning;
    if (peer == null || options == null || !queue.mayLaunch()) {
      return;
    }
    try {
      int size = sizeOf(peer);
      for (PeerOrder next = queue.next(size); next != null; next = queue.next(size)) {
        Destination to =
            new Destination(
                peer.host(), peer.host(), peer.port(), options, connectTimeoutNs, context(peer));
        connector.reach(to, new CarryPhase(next, peer));
      }
    } finally {
      queue.launched();
    }
  }

  private @Nullable TlsContext context(PeerConfig peer) {
    return Destination.isUnix(peer.host())
        ? null
        : tls.servers(TlsSettings.forPeer(values, peer.values()));
  }

  private void finish(PeerOrder order) {
    if (order.isOver()) {
      return;
    }
    order.queue().remove(order);
    order.end();
    launch(order.queue());
  }

  /** Most requests on their way to a peer; 0 for any number. */
  public int sizeOf(PeerConfig peer) {
    Integer own = peer.poolSize();
    return own == null || own < 0 ? defaultSize : own;
  }

  /** Requests to a peer that it was sent, or those that it was not sent yet. */
  public int count(int peerId, boolean sent) {
    PeerQueue queue = queues.get(peerId);
    if (queue == null) {
      return 0;
    }
    return sent ? queue.sentCount() : connecting(peerId) + queue.waitingCount();
  }

  /** Connections to a peer that are being made. */
  public int connecting(int peerId) {
    PeerQueue queue = queues.get(peerId);
    return queue == null ? 0 : queue.underWayCount() - queue.sentCount();
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
      if (order.queue().mayLog(loop.nowNs())) {
        log.warn("peer-{}@{}:{} {}", peer.id(), peer.host(), peer.port(), reason);
      }
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
