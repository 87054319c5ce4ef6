package io.sluice.proxy.auth;

import io.sluice.config.value.ChannelBinding;
import io.sluice.protocol.scram.ScramBinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's SCRAM login may be bound to, and whether it has to be. Immutable.
 *
 * @param mode client_channel_binding
 * @param endPoint the hash of the certificate that we have shown; null without TLS, and when the
 *     certificate has none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the array is never changed
public record ChannelOffer(ChannelBinding mode, byte @Nullable [] endPoint) {
  /** Nothing to bind to. */
  static final ChannelOffer NONE = new ChannelOffer(ChannelBinding.DISABLE, null);

  private boolean isPossible() {
    return mode != ChannelBinding.DISABLE && endPoint != null;
  }

  /**
   * The mechanisms to offer, the better one first; none when the login cannot be bound and must.
   */
  List<String> mechanisms() {
    if (!isPossible()) {
      return mode == ChannelBinding.REQUIRE ? List.of() : List.of(ScramBinding.PLAIN_MECHANISM);
    }
    return mode == ChannelBinding.REQUIRE
        ? List.of(ScramBinding.BOUND_MECHANISM)
        : List.of(ScramBinding.BOUND_MECHANISM, ScramBinding.PLAIN_MECHANISM);
  }

  /** The binding of a login with a mechanism that was offered. */
  ScramBinding bindingOf(String mechanism) {
    byte[] hash = endPoint;
    if (hash == null || !isPossible()) {
      return ScramBinding.NONE;
    }
    return mechanism.equals(ScramBinding.BOUND_MECHANISM)
        ? ScramBinding.to(hash)
        : ScramBinding.UNUSED;
  }
}
