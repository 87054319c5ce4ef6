package io.sluice.proxy.session;

/** The names of the parameters that follow a client from server to server. */
@FunctionalInterface
public interface TrackedNames {
  /** Says whether a parameter is one of them; its name may be in any case. */
  boolean contains(String name);
}
