package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CancelRequest;
import io.sluice.protocol.GssEncRequest;
import io.sluice.protocol.SslRequest;
import io.sluice.protocol.StartupMessage;
import io.sluice.protocol.StartupPacket;
import io.sluice.proxy.net.Handshake;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * A new client: encryption requests, a cancel request, or the StartupMessage.
 *
 * <pre>
 *   (GSSENCRequest ─→ 'N')? (SSLRequest ─→ 'N' | 'S' ─→ TLS)? ─→ StartupMessage ─→ authentication
 *   ClientHello ─→ TLS with ALPN ─────────────────────────────╯╰→ CancelRequest
 * </pre>
 *
 * <p>Confined to its event loop.
 */
final class StartupPhase implements Phase {
  /** The first byte of a TLS handshake; a StartupMessage of that length would be too long. */
  private static final int TLS_HANDSHAKE = 0x16;

  private final Client client;
  private final Front front;
  private final @Nullable TlsContext tls;
  private final boolean mayMove;
  private boolean sslAsked;
  private boolean gssAsked;
  private boolean spoke;

  /**
   * Makes the first phase of a client.
   *
   * @param tls what TLS is done with; null when it is not offered
   * @param mayMove whether the client may still go to another loop
   */
  StartupPhase(Client client, Front front, @Nullable TlsContext tls, boolean mayMove) {
    this.client = client;
    this.front = front;
    this.tls = tls;
    this.mayMove = mayMove;
  }

  @Override
  public void onRead(ByteBuf owned) {
    TlsContext offered = tls;
    if (!spoke && offered != null && isHandshake(owned)) {
      spoke = true;
      Handshake.accept(client.connection(), offered, owned, new Securing(true));
      return;
    }
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

  private static boolean isHandshake(ByteBuf view) {
    return view.isReadable() && view.getByte(view.readerIndex()) == TLS_HANDSHAKE;
  }

  private void readPackets(ByteBuf buf) {
    while (!client.isClosed() && client.connection().phase() == this) {
      int length = StartupPacket.lengthAt(buf);
      if (length < 0 || length > buf.readableBytes()) {
        return;
      }
      int start = buf.readerIndex();
      StartupPacket packet = StartupPacket.parse(buf);
      if (mayMove && front.handOver(client, packet, buf.duplicate().readerIndex(start))) {
        return;
      }
      onPacket(packet, buf.isReadable());
    }
  }

  private void onPacket(StartupPacket packet, boolean moreBehind) {
    if (packet instanceof SslRequest) {
      onSslRequest(moreBehind);
    } else if (packet instanceof GssEncRequest) {
      refuseEncryption(gssAsked, moreBehind, ClientClose.DATA_AFTER_GSS_REQUEST);
      gssAsked = true;
    } else if (packet instanceof CancelRequest cancel) {
      new CancelPhase(client).start(cancel.key());
    } else if (packet instanceof StartupMessage message) {
      new Login(client, front).start(message);
    }
  }

  private void onSslRequest(boolean moreBehind) {
    TlsContext offered = tls;
    if (client.connection().tls() != null) {
      client.close(ClientClose.TLS_INSIDE_TLS);
    } else if (offered == null || sslAsked || moreBehind) {
      refuseEncryption(sslAsked, moreBehind, ClientClose.DATA_AFTER_SSL_REQUEST);
    } else {
      secure(client.connection(), offered);
    }
    sslAsked = true;
  }

  /** Answers 'S'; everything after that byte is TLS. */
  private void secure(PgConnection connection, TlsContext offered) {
    ByteBuf out = connection.alloc().buffer(1);
    out.writeByte('S');
    connection.write(out);
    connection.flushNow();
    Handshake.accept(connection, offered, new Securing(false));
  }

  /** Goes on when the connection is encrypted. */
  private final class Securing implements Handshake.Outcome {
    /**
     * Whether the client began with TLS: then it must have said for which protocol, so that what
     * was meant for a server of another one does not end here.
     */
    private final boolean direct;

    Securing(boolean direct) {
      this.direct = direct;
    }

    @Override
    public void secured(TlsSession session) {
      if (direct && !TlsContext.POSTGRESQL.equals(session.applicationProtocol())) {
        client.close(ClientClose.DIRECT_TLS_WITHOUT_ALPN);
      } else {
        client.connection().enter(StartupPhase.this);
      }
    }

    @Override
    public void insecure(String reason) {
      client.close(
          ClientClose.TLS_FAILED,
          ClientClose.TLS_FAILED.sqlState(),
          ClientClose.TLS_FAILED.text() + ": " + reason);
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
