package io.sluice.proxy.auth;

import static java.util.Objects.requireNonNull;

import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.guard.GuardLimits;
import io.sluice.proxy.guard.Visitors;
import io.sluice.proxy.net.Offload;

/**
 * Everything that decides who may enter. Confined to the event loop.
 *
 * @param authenticator how a client has to prove who it is
 * @param queries secrets of users who are in no user list
 * @param names host names in rules
 * @param directory where others are waited for
 * @param visitors who comes from where
 */
public record Access(
    Authenticator authenticator,
    AuthQueries queries,
    HostNames names,
    Offload directory,
    Visitors visitors) {
  public Access {
    requireNonNull(authenticator, "authenticator");
    requireNonNull(queries, "queries");
    requireNonNull(names, "names");
    requireNonNull(directory, "directory");
    requireNonNull(visitors, "visitors");
  }

  /** Takes a new configuration into what all event loops share. */
  public void configure(ProxyConfig config, AccessFiles files) {
    authenticator.configure(config.values(), files);
    visitors.configure(GuardLimits.of(config.values()));
  }

  /** Ends the threads. */
  public void close() {
    directory.close();
  }
}
