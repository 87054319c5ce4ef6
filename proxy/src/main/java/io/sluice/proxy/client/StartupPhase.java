package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CancelRequest;
import io.sluice.protocol.GssEncRequest;
import io.sluice.protocol.SslRequest;
import io.sluice.protocol.StartupMessage;
import io.sluice.protocol.StartupPacket;
import io.sluice.proxy.net.Phase;

/**
 * A new client: encryption requests, a cancel request, or the StartupMessage.
 *
 * <pre>
 *   (GSSENCRequest ─→ 'N')? (SSLRequest ─→ 'N')? ─→ StartupMessage ─→ authentication
 *                                                 ╰→ CancelRequest
 * </pre>
 *
 * <p>Confined to its event loop.
 */
final class StartupPhase implements Phase {
  private final Client client;
  private final Login login;
  private boolean sslAsked;
  private boolean gssAsked;
  private boolean spoke;

  StartupPhase(Client client, Login login) {
    this.client = client;
    this.login = login;
  }

  @Override
  public void onRead(ByteBuf owned) {
    spoke |= owned.isReadable();
    ByteBuf buf = client.inbox().open(owned);
    try {
      readPackets(buf);
    } finally {
      if (!client.isClosed()) {
        // The cursor was not used: what is left starts at the reader index.
        client.inbox().cursor().begin(buf);
        client.inbox().hold(buf, client.link().alloc(), 0);
      }
      buf.release();
    }
    if (client.connection().phase() != this
        && !client.isClosed()
        && client.inbox().heldBytes() > 0) {
      client.connection().phase().onRead(Unpooled.EMPTY_BUFFER);
    }
  }

  private void readPackets(ByteBuf buf) {
    while (!client.isClosed() && client.connection().phase() == this) {
      int length = StartupPacket.lengthAt(buf);
      if (length < 0 || length > buf.readableBytes()) {
        return;
      }
      onPacket(StartupPacket.parse(buf), buf.isReadable());
    }
  }

  private void onPacket(StartupPacket packet, boolean moreBehind) {
    if (packet instanceof SslRequest) {
      refuseEncryption(sslAsked, moreBehind, ClientClose.DATA_AFTER_SSL_REQUEST);
      sslAsked = true;
    } else if (packet instanceof GssEncRequest) {
      refuseEncryption(gssAsked, moreBehind, ClientClose.DATA_AFTER_GSS_REQUEST);
      gssAsked = true;
    } else if (packet instanceof CancelRequest cancel) {
      new CancelPhase(client).start(cancel.key());
    } else if (packet instanceof StartupMessage message) {
      login.start(message);
    }
  }

  /** Answers 'N'. Bytes that came behind the request may be somebody else's. */
  private void refuseEncryption(boolean again, boolean moreBehind, ClientClose dataBehind) {
    if (again) {
      client.close(ClientClose.REPEATED_REQUEST);
    } else if (moreBehind) {
      client.close(dataBehind);
    } else {
      ByteBuf out = client.link().alloc().buffer(1);
      out.writeByte('N');
      client.link().write(out);
    }
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
