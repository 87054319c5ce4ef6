package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.pool.CancelOrder;
import io.sluice.proxy.pool.CancelRouter;
import io.sluice.proxy.pool.PeerOrder;
import io.sluice.proxy.pool.PeerRouter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that has brought a cancel request. It gets no answer; it is closed when the request
 * has been delivered, or leads nowhere. Confined to its event loop.
 */
public final class CancelPhase implements Phase {
  private static final Logger log = LoggerFactory.getLogger(CancelPhase.class);

  private final Client client;
  private @Nullable CancelOrder order;
  private boolean passedOn;

  CancelPhase(Client client) {
    this.client = client;
  }

  /** Looks for the client with the key and cancels what it runs, or waits for. */
  void start(CancelKey key) {
    client.connection().enter(this);
    Client target = client.clients().find(key);
    if (target == null || target.clients() != client.clients()) {
      // One of another loop has come and gone in this moment: requests are brought to their loop.
      passOn(key);
    } else {
      cancel(target);
    }
  }

  private void cancel(Client target) {
    client.clients().move(client, ClientState.WAITING_CANCEL);
    Server server = target.server();
    Pool pool = target.pool();
    QueryPhase phase = target.queryPhase();
    if (pool != null && server != null && !server.requests().isEmpty()) {
      send(pool, server);
    } else if (target.state() == ClientState.WAITING && phase != null && pool != null) {
      pool.lane().leave(target);
      phase.cancelWait();
      client.close(ClientClose.CANCEL_DONE);
    } else if (target.connection().phase() instanceof Cancellable waiting && waiting.cancel()) {
      client.close(ClientClose.CANCEL_DONE);
    } else {
      if (client.seat().mayLog(client.connection().loop().nowNs())) {
        log.info("{} cancel request for idle client", client.name());
      }
      client.close(ClientClose.CANCEL_DONE);
    }
  }

  /** The key is not ours: one of the peers may have given it. */
  private void passOn(CancelKey key) {
    PeerRouter peers = client.clients().pools().peers();
    CancelKey passed = CancelKeys.passedOn(key);
    int peer = CancelKeys.peerOf(key);
    if (peers.isFull(peer)) {
      client.close(ClientClose.CANCEL_OVERFLOW);
      return;
    }
    passedOn = true;
    PeerOrder sent =
        passed == null
            ? null
            : peers.pass(peer, passed, () -> client.close(ClientClose.CANCEL_DONE));
    if (sent == null) {
      client.close(ClientClose.CANCEL_UNKNOWN);
    } else if (!client.isClosed()) {
      client.clients().move(client, ClientState.WAITING_CANCEL);
      client.onClosed(() -> peers.abandon(sent));
    }
  }

  private void send(Pool pool, Server server) {
    CancelRouter router = client.clients().pools().cancels();
    CancelOrder sent = router.cancel(pool, server, () -> client.close(ClientClose.CANCEL_DONE));
    order = sent;
    if (!client.isClosed()) {
      client.onClosed(() -> router.abandon(sent));
    }
  }

  /** Says whether the key is none of ours: who has brought it is a stranger. */
  boolean isPassedOn() {
    return passedOn;
  }

  /** The request that the connection has brought, for SHOW. */
  public @Nullable CancelOrder order() {
    return order;
  }

  @Override
  public void onRead(ByteBuf owned) {
    owned.release();
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.BAD_LOGIN_PACKET);
  }

  @Override
  public void onClosed(String cause) {
    client.close(ClientClose.LOST);
  }
}
