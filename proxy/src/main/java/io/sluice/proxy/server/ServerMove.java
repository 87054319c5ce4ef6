package io.sluice.proxy.server;

import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.LoopMove;
import io.sluice.proxy.net.PgConnection;
import java.util.function.Consumer;

/**
 * A server on its way from one event loop to another. What it was on the first one is of no use any
 * more when {@link #begin} returns; on the other, a new {@link Server} goes on with the connection.
 */
public final class ServerMove {
  private final Server from;
  private final PgConnection connection;

  private ServerMove(Server from, PgConnection connection) {
    this.from = from;
    this.connection = connection;
  }

  /** Says whether a server can go now: nothing is under way, and nobody has left anything in it. */
  public static boolean mayMove(Server server) {
    PgConnection connection = server.connection();
    return connection != null
        && connection.mayMove()
        && server.sink() == null
        && server.isReady()
        && !server.isMidMessage()
        && server.session().isClean()
        && server.cancelsInFlight() == 0
        && server.inbox().heldBytes() == 0;
  }

  /**
   * Sends a server to another loop. The lane has taken it out of its lists.
   *
   * @param arrived called on the other loop
   */
  public static void begin(Server server, LoopContext to, Consumer<ServerMove> arrived) {
    PgConnection connection = server.requireConnection();
    LoopMove.begin(connection, to, there -> arrived.accept(new ServerMove(server, there)));
  }

  /** Has a server that is logged in nowhere yet go on with the connection. */
  public void arrive(Server server) {
    server.continueAs(from);
    server.connected(connection);
    connection.enter(new ServingPhase(server));
  }

  /** Says whether the session has prepared statements that the other loop has named. */
  public boolean hasStatements() {
    return from.statements().count() > 0;
  }
}
