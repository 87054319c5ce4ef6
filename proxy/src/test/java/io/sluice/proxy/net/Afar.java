package io.sluice.proxy.net;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Connections from addresses that this machine does not have. */
public final class Afar {
  private Afar() {}

  /** A connection from an address; nobody is at its other end. */
  public static PgConnection connection(LoopContext loop, InetSocketAddress from) {
    return new PgConnection(loop, new ChannelCarrier(loop, new From(from)));
  }

  private static final class From extends EmbeddedChannel {
    private final InetSocketAddress address;

    From(InetSocketAddress address) {
      this.address = address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return address;
    }

    @Override
    protected void handleOutboundMessage(Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    protected SocketAddress localAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 6432);
    }
  }
}
