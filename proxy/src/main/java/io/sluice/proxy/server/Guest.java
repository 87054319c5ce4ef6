package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import java.util.Map;

/**
 * Whoever a server is made for alone: a replication connection, or a client of {@code session_login
 * = early}. It says what PostgreSQL is told at login and sees what PostgreSQL answers; nobody else
 * is ever given the server.
 */
public interface Guest {
  /** What the StartupMessage says beside user and database, in order. */
  Map<String, String> startup();

  /** What kind of connection this is. */
  Replication replication();

  /** The server is being made. */
  void launched(Server server);

  /**
   * PostgreSQL has sent its key. The secret in it is not for the client: with it, a cancel request
   * could go to PostgreSQL past the pooler.
   */
  void keyed(CancelKey theirs);

  /**
   * PostgreSQL has sent, during the login, what concerns the client: a ParameterStatus, a notice,
   * or the error that ends the login.
   *
   * @param start where the message begins, with its type
   * @param length of the whole message
   */
  void told(ByteBuf view, int start, int length);
}
