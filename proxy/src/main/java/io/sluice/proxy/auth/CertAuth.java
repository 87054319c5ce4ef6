package io.sluice.proxy.auth;

import io.sluice.proxy.auth.hba.IdentMaps;
import org.jspecify.annotations.Nullable;

/**
 * Asks nothing: the TLS certificate has shown who it is ({@code cert}). Its common name has to be
 * the user's, exactly, or to be mapped to it.
 *
 * @param isKnown whether there is such a user
 * @param name the certificate's name; null without a valid one
 * @param map the map, or null when the names have to be the same
 */
record CertAuth(
    String user, boolean isKnown, @Nullable String name, IdentMaps maps, @Nullable String map)
    implements AuthMethod {
  @Override
  public AuthDecision begin() {
    if (name == null) {
      return Refusals.certificate("there is no valid client certificate");
    }
    if (!maps.allows(map, name, user)) {
      return Refusals.certificate("the certificate is for " + name);
    }
    return isKnown ? AuthDecision.Accepted.PLAIN : Refusals.certificate("no such user");
  }

  @Override
  public AuthDecision answer(byte[] body) {
    return Refusals.certificate("unexpected password");
  }
}
