package io.sluice.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a Unix socket (SO_PEERCRED). Immutable.
 *
 * @param pid process
 * @param uid user
 */
public record UnixPeer(int pid, int uid) {
  /** Their numbers on Linux, on all machines that Netty's native library is made for. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_PEERCRED = 17;

  /** Asks the system; null where it does not say. */
  static @Nullable UnixPeer of(Channel channel) {
    return channel instanceof DomainSocketChannel unix && unix.fd() instanceof Socket socket
        ? of(socket)
        : null;
  }

  /** Asks the system; null where it does not say. */
  static @Nullable UnixPeer of(Socket socket) {
    // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    ByteBuffer credentials = ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.nativeOrder());
    try {
      socket.getRawOpt(SOL_SOCKET, SO_PEERCRED, credentials);
    } catch (IOException gone) {
      return null;
    }
    return new UnixPeer(credentials.getInt(0), credentials.getInt(Integer.BYTES));
  }
}
