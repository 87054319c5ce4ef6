package io.sluice.proxy.client;

import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Shared;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reads where clients come from; what many have in common is held once. */
final class ClientAddresses {
  /** Machines that clients are taken to come from, and addresses of ours. */
  private static final int HOSTS = 256;

  private static final int OURS = 16;

  private final Shared<InetAddress> hosts = new Shared<>(HOSTS);
  private final Shared<InetSocketAddress> ours = new Shared<>(OURS);
  private final int listenPort;

  ClientAddresses(int listenPort) {
    this.listenPort = listenPort;
  }

  /** The addresses of a connection. */
  ClientAddress of(PgConnection connection) {
    if (connection.remoteAddress() instanceof InetSocketAddress remote) {
      InetSocketAddress local = (InetSocketAddress) connection.localAddress();
      return ClientAddress.tcp(
          hosts.of(remote.getAddress()), remote.getPort(), shared(local), listenPort);
    }
    return ClientAddress.unix(connection.peer(), listenPort);
  }

  private @Nullable InetSocketAddress shared(@Nullable InetSocketAddress local) {
    return local == null ? null : ours.of(local);
  }
}
