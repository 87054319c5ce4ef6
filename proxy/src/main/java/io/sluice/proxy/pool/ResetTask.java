package io.sluice.proxy.pool;

import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans a server after its client: with server_reset_query, or of what the client has left there.
 */
final class ResetTask implements ServerTask {
  private static final Logger log = LoggerFactory.getLogger(ResetTask.class);

  private final Lane lane;
  private final String sql;
  private final boolean mustSucceed;
  private boolean failed;

  private ResetTask(Lane lane, String sql, boolean mustSucceed) {
    this.lane = lane;
    this.sql = sql;
    this.mustSucceed = mustSucceed;
  }

  /** Runs the operator's query; an error in it is his, as in PgBouncer. */
  static ResetTask of(Lane lane, String resetQuery) {
    return new ResetTask(lane, resetQuery, false);
  }

  /** Runs what takes a client's state away; when that fails the server is of no use. */
  static ResetTask cure(Lane lane, String cure) {
    return new ResetTask(lane, cure, true);
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public void failed(Server server, ErrorFields error) {
    failed = true;
    if (mustSucceed) {
      log.warn("{} cleaning failed: {}", server.logName(), error.message());
    }
  }

  @Override
  public void done(Server server, byte status) {
    if (status != TransactionStatus.IDLE) {
      server.close(ServerClose.RESET_FAILED);
    } else if (failed && mustSucceed) {
      server.close(ServerClose.STATE_STAYS);
    } else {
      server.session().forgetAll();
      lane.tested(server);
    }
  }
}
