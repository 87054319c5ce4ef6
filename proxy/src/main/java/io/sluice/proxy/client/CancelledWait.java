package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.Inbox;

/**
 * What is left of a request that was cancelled while it waited for a server: PostgreSQL has not
 * seen it, so its rest is dropped here, and answered as PostgreSQL would. Confined to the event
 * loop.
 */
@HotPath
final class CancelledWait {
  /** Nothing is dropped. */
  private static final byte KEEP = 0;

  /** The rest of one message is dropped. */
  private static final byte DROP_ONE = 1;

  /** Everything up to Sync is dropped. */
  private static final byte DROP_TO_SYNC = 2;

  private final Client client;
  private byte dropping = KEEP;

  CancelledWait(Client client) {
    this.client = client;
  }

  /** Fails the request at the head of what the client has sent. */
  void begin() {
    Inbox inbox = client.inbox();
    MessageCursor cursor = inbox.cursor();
    ByteBuf view = inbox.open(Unpooled.EMPTY_BUFFER);
    boolean simple =
        cursor.next()
            && (cursor.type() == FrontendType.QUERY || cursor.type() == FrontendType.FUNCTION_CALL);
    inbox.hold(view, client.link().alloc(), 0);
    view.release();
    dropping = simple ? DROP_ONE : DROP_TO_SYNC;
    ByteBuf out = client.link().alloc().buffer();
    BackendWriter.error(
        out, "ERROR", SqlState.QUERY_CANCELED, "canceling statement due to user request");
    client.link().write(out);
  }

  boolean isDropping() {
    return dropping != KEEP;
  }

  /** A message is about to be dropped. */
  void drop(byte type) {
    if (dropping == DROP_TO_SYNC && type == FrontendType.SYNC) {
      dropping = DROP_ONE;
    }
  }

  /** Answers ReadyForQuery once the last message that is dropped has come to its end. */
  void finish(MessageCursor cursor) {
    if (dropping == DROP_ONE && !cursor.isMidMessage()) {
      dropping = KEEP;
      ByteBuf out = client.link().alloc().buffer(16);
      BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
      client.link().write(out);
    }
  }
}
