package io.sluice.proxy.auth;

import io.sluice.proxy.auth.hba.IdentMaps;
import io.sluice.proxy.net.UnixPeer;
import io.sluice.proxy.os.ProcessUser;
import org.jspecify.annotations.Nullable;

/**
 * Asks nothing: the system says who is at the other end of the Unix socket ({@code peer}). That
 * name has to be the user's, exactly, or to be mapped to it.
 *
 * @param isKnown whether there is such a user
 * @param peer what the system says; null where it says nothing
 * @param map the map, or null when the names have to be the same
 */
record PeerAuth(
    String user, boolean isKnown, @Nullable UnixPeer peer, IdentMaps maps, @Nullable String map)
    implements AuthMethod {
  private static final String TEXT = "unix socket login rejected";

  /** The names of users may come from a directory in the network. */
  @Override
  public Workplace beginsOn() {
    return Workplace.DIRECTORY;
  }

  @Override
  public AuthDecision begin() {
    String name = peer == null ? null : ProcessUser.nameOf(peer.uid());
    if (name == null) {
      return Refusals.failed(TEXT, "the system does not say who the peer is");
    }
    if (!maps.allows(map, name, user)) {
      return Refusals.failed(TEXT, "the peer is " + name);
    }
    return isKnown ? AuthDecision.Accepted.PLAIN : Refusals.failed(TEXT, "no such user");
  }

  @Override
  public AuthDecision answer(byte[] body) {
    return Refusals.failed(TEXT, "unexpected password");
  }
}
