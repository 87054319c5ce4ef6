package io.sluice.proxy.auth;

import io.sluice.proxy.net.UnixPeer;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection says of it, beside what it says itself. Immutable.
 *
 * @param peer who is at the other end of a Unix socket, as far as the system says
 * @param certificateName the common name of its certificate; null unless that comes from an
 *     authority of ours and is valid
 * @param isPrivate whether nobody can read along: a Unix socket, or TLS
 * @param from its address; empty on a Unix socket
 */
public record Proof(
    @Nullable UnixPeer peer, @Nullable String certificateName, boolean isPrivate, String from) {
  /** Nothing. */
  public static final Proof NONE = new Proof(null, null, false, "");
}
