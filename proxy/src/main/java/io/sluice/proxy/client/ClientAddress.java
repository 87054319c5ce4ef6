package io.sluice.proxy.client;

import io.sluice.proxy.net.UnixPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Where a client comes from, as small as it can be: there is one for each client. Immutable. */
public final class ClientAddress {
  private final @Nullable InetAddress host;
  private final @Nullable InetSocketAddress local;
  private final @Nullable UnixPeer peer;
  private final char port;
  private final char listenPort;

  private ClientAddress(
      @Nullable InetAddress host,
      int port,
      @Nullable InetSocketAddress local,
      @Nullable UnixPeer peer,
      int listenPort) {
    this.host = host;
    this.port = (char) port;
    this.local = local;
    this.peer = peer;
    this.listenPort = (char) listenPort;
  }

  /** The address of a TCP client, and ours; {@code host} is that of {@code remote}. */
  static ClientAddress tcp(
      InetAddress host, int port, @Nullable InetSocketAddress local, int listenPort) {
    return new ClientAddress(host, port, local, null, listenPort);
  }

  /** The address of a client on a Unix socket, as far as the system says who it is. */
  static ClientAddress unix(@Nullable UnixPeer peer, int listenPort) {
    return new ClientAddress(null, 0, null, peer, listenPort);
  }

  /** The client's address; null on a Unix socket. */
  public @Nullable InetSocketAddress remote() {
    return host == null ? null : new InetSocketAddress(host, port);
  }

  /** Our address; null on a Unix socket. */
  public @Nullable InetSocketAddress local() {
    return local;
  }

  /** Who is at the other end of a Unix socket, as far as the system says. */
  public @Nullable UnixPeer peer() {
    return peer;
  }

  /** The port that we listen on, which names our Unix socket. */
  public int listenPort() {
    return listenPort;
  }

  public boolean isUnix() {
    return host == null;
  }

  /** The client's address without its port; null on a Unix socket. */
  @Nullable InetAddress inet() {
    return host;
  }

  /** Where the client is that a TCP proxy speaks for: never on this machine's Unix socket. */
  ClientAddress behindProxy(InetSocketAddress source) {
    return tcp(source.getAddress(), source.getPort(), local, listenPort);
  }

  /** The same for one that a TCP proxy speaks for and says nothing of: he is not the proxy. */
  ClientAddress behindProxy() {
    return isUnix() ? unix(null, listenPort) : this;
  }

  /** The address for log lines: {@code host:port}, {@code [host]:port}, {@code unix(pid):port}. */
  public String display() {
    if (host != null) {
      String name = withoutZone(host);
      return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + (int) port;
    }
    return (peer == null ? "unix" : "unix(" + peer.pid() + ")") + ":" + (int) listenPort;
  }

  /** The address as application_name_add_host shows it. */
  private String forApplicationName() {
    if (host != null) {
      return display();
    }
    return "unix(" + (peer == null ? 0 : peer.pid()) + "@" + OwnHost.NAME + "):" + (int) listenPort;
  }

  /** An application_name with the address behind it (application_name_add_host). */
  String addedTo(@Nullable String applicationName) {
    String name = applicationName == null || applicationName.isEmpty() ? "app" : applicationName;
    return name + " - " + forApplicationName();
  }

  /** Asked for when it is first needed: the system may have to ask elsewhere. */
  private static final class OwnHost {
    static final String NAME = name();

    private static String name() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unnamed) {
        return "localhost";
      }
    }
  }

  /** The numeric address, without a zone. */
  public static String host(InetSocketAddress address) {
    return withoutZone(address.getAddress());
  }

  private static String withoutZone(InetAddress address) {
    String host = address.getHostAddress();
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone);
  }
}
