package io.sluice.demo.wire;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * Where a PostgreSQL or a pooler listens.
 *
 * @param socket an {@link InetSocketAddress} or a {@link UnixDomainSocketAddress}
 */
public record WireAddress(SocketAddress socket) {
  /** Names a TCP port. */
  public static WireAddress tcp(String host, int port) {
    return new WireAddress(new InetSocketAddress(host, port));
  }

  /** Names the Unix socket that PostgreSQL's rule gives to a directory and a port. */
  public static WireAddress unix(Path directory, int port) {
    return new WireAddress(UnixDomainSocketAddress.of(directory.resolve(".s.PGSQL." + port)));
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
