package io.sluice.proxy.pool;

import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerTask;

/** Finds out whether a server that was idle for long still answers ({@code server_check_query}). */
record CheckTask(Lane lane, String sql) implements ServerTask {
  @Override
  public void done(Server server, byte status) {
    if (status == TransactionStatus.IDLE) {
      lane.tested(server);
    } else {
      server.close(ServerClose.TEST_TIMEOUT);
    }
  }
}
