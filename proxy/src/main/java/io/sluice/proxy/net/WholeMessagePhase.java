package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.ProtocolViolation;

/**
 * A phase that looks at whole messages: logins, our own queries, the console. Slow path.
 *
 * <p>A message that is wanted whole is bounded; others are stepped over as they come. When the
 * phase hands the connection to another one, that one gets the bytes that are left.
 */
public abstract class WholeMessagePhase implements Phase {
  private final Inbox inbox;
  private final int maxBodyBytes;

  /**
   * Makes a phase.
   *
   * @param maxBodyBytes bound of a body that is kept until it is whole
   */
  protected WholeMessagePhase(Inbox inbox, int maxBodyBytes) {
    this.inbox = inbox;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The connection that this phase reads. */
  protected abstract PgConnection connection();

  /** Says whether messages of a type are wanted; others are stepped over. */
  protected boolean wants(byte type) {
    return true;
  }

  /** Takes one whole message; the view is valid during the call. */
  protected abstract void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength);

  /** Says whether the messages that follow must wait; {@link #proceed} goes on with them. */
  protected boolean isBusy() {
    return false;
  }

  /** What was read must wait; called with all that waits, whenever it has become more. */
  protected void onWaiting(int heldBytes) {}

  @Override
  public final void onRead(ByteBuf owned) {
    ByteBuf buf = inbox.open(owned);
    int wanted = 0;
    try {
      wanted = readAll(buf);
    } finally {
      if (!connection().isClosing()) {
        inbox.hold(buf, connection().alloc(), wanted);
      }
      buf.release();
    }
    if (connection().isClosing()) {
      return;
    }
    if (connection().phase() == this && isBusy()) {
      onWaiting(inbox.heldBytes());
    }
    if (connection().phase() != this && inbox.heldBytes() > 0) {
      connection().phase().onRead(Unpooled.EMPTY_BUFFER);
    }
  }

  /** Goes on with what was read meanwhile. */
  protected final void proceed() {
    if (inbox.heldBytes() > 0) {
      connection().readAgain();
    }
  }

  private int readAll(ByteBuf buf) {
    MessageCursor cursor = inbox.cursor();
    cursor.takeCarried();
    while (connection().phase() == this
        && !connection().isClosing()
        && !isBusy()
        && cursor.next()) {
      if (wants(cursor.type())) {
        if (cursor.bodyLength() > maxBodyBytes) {
          throw new ProtocolViolation("bad packet: message of " + cursor.bodyLength() + " bytes");
        }
        if (!cursor.isComplete()) {
          return cursor.bodyLength() + MessageCursor.HEADER_BYTES;
        }
        int start = cursor.bodyStart();
        byte type = cursor.type();
        int length = cursor.bodyLength();
        cursor.advance();
        onMessage(type, buf, start, length);
      } else {
        cursor.advance();
      }
    }
    return 0;
  }
}
