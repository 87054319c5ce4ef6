package io.sluice.proxy.server;

import io.sluice.protocol.ErrorFields;

/**
 * Our own exchange with a server: a reset, a check, connect_query. One simple query, whose answer
 * ends with ReadyForQuery.
 */
public interface ServerTask {
  /** The statement to run. */
  String sql();

  /** PostgreSQL answered with an error; ReadyForQuery still follows. */
  default void failed(Server server, ErrorFields error) {}

  /**
   * The exchange is over.
   *
   * @param status the transaction status that PostgreSQL reports
   */
  void done(Server server, byte status);
}
