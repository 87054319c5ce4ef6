package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;

/**
 * A server that listens: notifications at any time, and now and then a statement of ours. Confined
 * to its event loop.
 */
public final class HearingPhase extends WholeMessagePhase {
  /** A payload has less than 8000 bytes, an error is not much longer. */
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Server server;
  private final Hearing hearing;

  private HearingPhase(Server server, Hearing hearing) {
    super(server.inbox(), MAX_BODY_BYTES);
    this.server = server;
    this.hearing = hearing;
  }

  /** Has a server that is free do nothing from now on but listen. */
  public static HearingPhase begin(Server server, Hearing hearing) {
    HearingPhase phase = new HearingPhase(server, hearing);
    server.requireConnection().enter(phase);
    return phase;
  }

  /** Sends statements; those before must be {@link Hearing#done}. */
  public void say(String sql) {
    ByteBuf out = connection().alloc().buffer();
    FrontendWriter.query(out, sql);
    connection().write(out);
  }

  @Override
  protected PgConnection connection() {
    return server.requireConnection();
  }

  @Override
  protected boolean wants(byte type) {
    return type == BackendType.NOTIFICATION_RESPONSE
        || type == BackendType.ERROR_RESPONSE
        || type == BackendType.READY_FOR_QUERY;
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    switch (type) {
      case BackendType.NOTIFICATION_RESPONSE ->
          hearing.heard(
              view,
              bodyStart - MessageCursor.HEADER_BYTES,
              bodyLength + MessageCursor.HEADER_BYTES);
      case BackendType.ERROR_RESPONSE ->
          hearing.failed(ErrorFields.parse(view.slice(bodyStart, bodyLength)));
      default -> hearing.done();
    }
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
