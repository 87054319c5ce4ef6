package io.sluice.proxy.auth;

import static java.util.Objects.requireNonNull;

import io.sluice.config.value.ProxyConfig;

/**
 * Everything that decides who may enter. Confined to the event loop.
 *
 * @param authenticator how a client has to prove who it is
 * @param queries secrets of users who are in no user list
 */
public record Access(Authenticator authenticator, AuthQueries queries) {
  public Access {
    requireNonNull(authenticator, "authenticator");
    requireNonNull(queries, "queries");
  }

  /** Takes a new configuration. */
  public void configure(ProxyConfig config) {
    authenticator.configure(config.values());
    queries.configure(config);
  }
}
