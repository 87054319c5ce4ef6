package io.sluice.proxy.server;

import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;

/**
 * A server that runs a query of our own: nobody holds it, and with ReadyForQuery it goes back to
 * serving. Confined to its event loop.
 */
abstract class OwnQueryPhase extends WholeMessagePhase {
  private final Server server;

  OwnQueryPhase(Server server, int maxBodyBytes) {
    super(server.inbox(), maxBodyBytes);
    this.server = server;
  }

  /** The query is over; the server serves again. */
  protected abstract void done(byte status);

  /** Takes ReadyForQuery: {@code 'Z' | int32 5 | byte status}. */
  final void ready(byte status) {
    if (!TransactionStatus.isValid(status)) {
      server.close(ServerClose.UNEXPECTED_READY);
      return;
    }
    server.settled(status);
    connection().enter(new ServingPhase(server));
    done(status);
  }

  @Override
  protected final PgConnection connection() {
    return server.requireConnection();
  }

  @Override
  public final void onViolation(String sqlState, String text) {
    server.close(ServerClose.BAD_HEADER);
  }

  @Override
  public final void onClosed(String cause) {
    server.close(ServerClose.LOST);
  }
}
