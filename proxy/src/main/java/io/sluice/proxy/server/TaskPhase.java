package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;

/** A server that runs one of our own queries. Confined to its event loop. */
final class TaskPhase extends WholeMessagePhase {
  /** An error longer than this is not one of PostgreSQL's. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Server server;
  private final ServerTask task;

  TaskPhase(Server server, ServerTask task) {
    super(server.inbox(), MAX_BODY_BYTES);
    this.server = server;
    this.task = task;
  }

  @Override
  protected PgConnection connection() {
    return server.requireConnection();
  }

  @Override
  protected boolean wants(byte type) {
    return type == BackendType.ERROR_RESPONSE
        || type == BackendType.COMMAND_COMPLETE
        || type == BackendType.PARAMETER_STATUS
        || type == BackendType.READY_FOR_QUERY;
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    switch (type) {
      case BackendType.ERROR_RESPONSE ->
          task.failed(server, ErrorFields.parse(view.slice(bodyStart, bodyLength)));
      case BackendType.COMMAND_COMPLETE -> CommandTag.apply(server, view, bodyStart, bodyLength);
      case BackendType.PARAMETER_STATUS ->
          ParameterStatusReader.read(server, view, bodyStart, bodyLength);
      default -> ready(bodyLength == 1 ? view.getByte(bodyStart) : 0);
    }
  }

  private void ready(byte status) {
    if (!TransactionStatus.isValid(status)) {
      server.close(ServerClose.UNEXPECTED_READY);
      return;
    }
    server.settled(status);
    connection().enter(new ServingPhase(server));
    task.done(server, status);
  }

  @Override
  public void onViolation(String sqlState, String text) {
    server.close(ServerClose.BAD_HEADER);
  }

  @Override
  public void onClosed(String cause) {
    server.close(ServerClose.LOST);
  }
}
