package io.sluice.proxy.client;

import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.UnixPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where a client comes from. Immutable.
 *
 * @param remote the client's address; null on a Unix socket
 * @param local our address; null on a Unix socket
 * @param peer who is at the other end of a Unix socket, as far as the system says
 * @param listenPort the port that we listen on, which names our Unix socket
 */
public record ClientAddress(
    @Nullable InetSocketAddress remote,
    @Nullable InetSocketAddress local,
    @Nullable UnixPeer peer,
    int listenPort) {
  private static final String HOST_NAME = ownHostName();

  /** Reads the addresses of a connection. */
  public static ClientAddress of(PgConnection connection, int listenPort) {
    if (connection.remoteAddress() instanceof InetSocketAddress remote) {
      return new ClientAddress(
          remote, (InetSocketAddress) connection.localAddress(), null, listenPort);
    }
    return new ClientAddress(null, null, connection.peer(), listenPort);
  }

  public boolean isUnix() {
    return remote == null;
  }

  /** The client's address without its port; null on a Unix socket. */
  @Nullable InetAddress inet() {
    return remote == null ? null : remote.getAddress();
  }

  /** Where the client is that a TCP proxy speaks for: never on this machine's Unix socket. */
  ClientAddress behindProxy(InetSocketAddress source) {
    return new ClientAddress(source, local, null, listenPort);
  }

  /** The address for log lines: {@code host:port}, {@code [host]:port}, {@code unix(pid):port}. */
  public String display() {
    if (remote != null) {
      String host = host(remote);
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + remote.getPort();
    }
    return (peer == null ? "unix" : "unix(" + peer.pid() + ")") + ":" + listenPort;
  }

  /** The address as application_name_add_host shows it. */
  private String forApplicationName() {
    if (remote != null) {
      return display();
    }
    return "unix(" + (peer == null ? 0 : peer.pid()) + "@" + HOST_NAME + "):" + listenPort;
  }

  /** An application_name with the address behind it (application_name_add_host). */
  String addedTo(@Nullable String applicationName) {
    String name = applicationName == null || applicationName.isEmpty() ? "app" : applicationName;
    return name + " - " + forApplicationName();
  }

  private static String ownHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }

  /** The numeric address, without a zone. */
  public static String host(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone);
  }
}
