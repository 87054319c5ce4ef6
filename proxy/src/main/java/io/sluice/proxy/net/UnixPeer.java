package io.sluice.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a Unix socket (SO_PEERCRED). Immutable.
 *
 * @param pid process
 * @param uid user
 */
public record UnixPeer(int pid, int uid) {
  /** Asks the system; null where it does not say. */
  public static @Nullable UnixPeer of(Channel channel) {
    if (!(channel instanceof EpollDomainSocketChannel unix)) {
      return null;
    }
    try {
      PeerCredentials credentials = unix.peerCredentials();
      return new UnixPeer(credentials.pid(), credentials.uid());
    } catch (IOException gone) {
      return null;
    }
  }
}
