package io.sluice.proxy.pool;

import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerTask;

/** Cleans a server after its client ({@code server_reset_query}). */
record ResetTask(Lane lane, String sql) implements ServerTask {
  @Override
  public void done(Server server, byte status) {
    if (status != TransactionStatus.IDLE) {
      server.close(ServerClose.RESET_FAILED);
      return;
    }
    lane.tested(server);
  }
}
