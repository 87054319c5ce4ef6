package io.sluice.proxy.server;

import io.sluice.proxy.net.Link;

/** Whoever receives a server's replies right now: the client that holds it. */
public interface ReplySink {
  /** Where replies are written. */
  Link link();

  /** Says whether the sink's last message to the server has been sent to its end. */
  boolean isBetweenMessages();

  /** PostgreSQL has reported a new value of a tracked parameter. */
  default void parameterChanged(int index, String value) {}

  /** The server has closed; nothing more comes from it. */
  void serverLost(ServerClose why, String text);

  /**
   * Every request is answered.
   *
   * @param idle whether PostgreSQL is in no transaction
   */
  default void settled(boolean idle) {}

  /** What the sink waits for is answered: our own SETs, or its requests up to here. */
  default void serverPrepared() {}

  /**
   * PostgreSQL has dropped all prepared statements at the sink's request.
   *
   * @param request its number: what was prepared behind it is not dropped
   */
  default void statementsDropped(long request) {}
}
