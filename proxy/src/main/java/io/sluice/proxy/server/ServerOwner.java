package io.sluice.proxy.server;

/** Whoever owns a server: the lane that launched it. */
public interface ServerOwner {
  /** The server has logged in and can be leased. */
  void connected(Server server);

  /** PostgreSQL has refused the login, or demanded what we do not have. */
  void loginRefused(Server server, Refusal refusal);

  /**
   * The server owes no answer and is not in a transaction. Called after the whole read has been
   * looked at, never from inside it.
   */
  void ready(Server server);

  /** The server has closed. */
  void closed(Server server, ServerClose why, String text);
}
