package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.ProxyHeader;

/**
 * A connection from a TCP proxy that is trusted to say whose it is: it must begin with a PROXY
 * header. From there on the client is where the header says. Confined to its event loop.
 */
final class ProxyHeaderPhase implements Phase {
  private final Client client;
  private final Phase next;
  private boolean spoke;

  /**
   * Makes the first phase of a client.
   *
   * @param next what follows the header
   */
  ProxyHeaderPhase(Client client, Phase next) {
    this.client = client;
    this.next = next;
  }

  @Override
  public void onRead(ByteBuf owned) {
    spoke |= owned.isReadable();
    ByteBuf buf = client.inbox().open(owned);
    boolean handedOn = false;
    try {
      ProxyHeader header = buf.isReadable() ? ProxyHeader.parse(buf) : null;
      if (header == null) {
        client.inbox().cursor().begin(buf);
        client.inbox().hold(buf, client.link().alloc(), 0);
        return;
      }
      buf.skipBytes(header.length());
      if (goOn(header)) {
        handedOn = true;
        next.onRead(buf);
      }
    } finally {
      if (!handedOn) {
        buf.release();
      }
    }
  }

  private boolean goOn(ProxyHeader header) {
    client.connection().enter(next);
    if (header.source() == null) {
      client.name().moveTo(client.address().behindProxy());
    } else {
      client.name().moveTo(client.address().behindProxy(header.source()));
      client.seat().moveTo(client.address().inet(), client.connection().loop().nowNs());
      if (client.seat().isCrowded()) {
        client.close(ClientClose.TOO_MANY_LOGINS);
      }
    }
    return !client.isClosed() && client.connection().phase() == next;
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.PROTOCOL_VIOLATION, sqlState, text);
  }

  @Override
  public void onClosed(String cause) {
    client.close(spoke ? ClientClose.LOST : ClientClose.SILENT);
  }
}
