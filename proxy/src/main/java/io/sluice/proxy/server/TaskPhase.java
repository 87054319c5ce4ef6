package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;

/** A server that runs one of our own queries. Confined to its event loop. */
final class TaskPhase extends OwnQueryPhase {
  /** An error longer than this is not one of PostgreSQL's. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Server server;
  private final ServerTask task;

  TaskPhase(Server server, ServerTask task) {
    super(server, MAX_BODY_BYTES);
    this.server = server;
    this.task = task;
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

  @Override
  protected void done(byte status) {
    task.done(server, status);
  }
}
