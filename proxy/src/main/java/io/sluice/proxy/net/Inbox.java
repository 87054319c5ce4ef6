package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.protocol.MessageCursor;
import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of one connection: the cursor over its messages, and the bytes of an earlier
 * read that could not be used yet.
 *
 * <p>Most reads end with a message and nothing is kept. Kept bytes are copied to a buffer of their
 * own size, so that a connection that waits does not hold a receive buffer. Confined to its event
 * loop.
 */
@HotPath
public final class Inbox {
  /** A length that a peer claims is not believed beyond this: the buffer grows as bytes come. */
  private static final int MAX_AHEAD_BYTES = 8 * 1024;

  private final MessageCursor cursor = new MessageCursor();
  private @Nullable ByteBuf held;
  private boolean reassembled;

  /** The cursor; positioned by {@link #open}. */
  public MessageCursor cursor() {
    return cursor;
  }

  /** Puts what is held in front of a new read and starts the cursor on it. */
  public ByteBuf open(ByteBuf owned) {
    ByteBuf buf = owned;
    ByteBuf before = held;
    if (before != null) {
      held = null;
      before.writeBytes(owned);
      owned.release();
      buf = before;
    }
    reassembled = before != null;
    cursor.begin(buf);
    return buf;
  }

  /**
   * Keeps what the cursor has not stepped over. The buffer itself stays the caller's. When it is
   * the one that was kept before, and nothing of it was used, it is kept again without a copy: a
   * long message that comes in small pieces costs no more than its length.
   *
   * @param wanted bytes that the next message will take, if known: the buffer is made that big
   */
  public void hold(ByteBuf view, ByteBufAllocator alloc, int wanted) {
    int from = cursor.position();
    int rest = view.writerIndex() - from;
    cursor.end();
    if (rest > 0 && reassembled && from == view.readerIndex()) {
      held = view.retain();
    } else if (rest > 0) {
      ByteBuf kept = alloc.buffer(Math.max(rest, Math.min(wanted, MAX_AHEAD_BYTES)));
      kept.writeBytes(view, from, rest);
      held = kept;
    }
    reassembled = false;
  }

  /** Adds a read to what is held, to be looked at later. */
  public void append(ByteBuf owned, ByteBufAllocator alloc) {
    ByteBuf before = held;
    if (before == null) {
      before = alloc.buffer(owned.readableBytes());
      held = before;
    }
    before.writeBytes(owned);
    owned.release();
  }

  /** Bytes that wait to be looked at. */
  public int heldBytes() {
    return held == null ? 0 : held.readableBytes();
  }

  /** Drops what is held. */
  public void discard() {
    ByteBuf before = held;
    held = null;
    if (before != null) {
      before.release();
    }
  }
}
