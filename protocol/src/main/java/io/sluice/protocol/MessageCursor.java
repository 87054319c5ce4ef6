package io.sluice.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Steps over the messages inside the buffers that one connection reads, without copying and without
 * allocating.
 *
 * <p>Every message after the start of a connection has the shape
 *
 * <pre>byte type | int32 length (counts itself, not the type) | body</pre>
 *
 * <p>A body may be longer than the buffer: {@link #advance()} then remembers how many bytes are
 * still to come, and {@link #takeCarried()} steps over them in the next buffers. What the cursor
 * could not step over (a header that is not whole, or a message that its reader wants whole) stays
 * behind {@link #position()}; the owner keeps those bytes and puts them in front of the next read.
 *
 * <pre>
 *   begin(buf); takeCarried();
 *   while (next()) { look at type(); advance(); }     or leave the loop to wait for more
 *   bytes from position() on were not consumed
 * </pre>
 *
 * <p>Confined to its event loop.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html">Message framing</a>
 */
public final class MessageCursor {
  /** Bytes of a header: the type and the length. */
  public static final int HEADER_BYTES = 5;

  /** The length field counts itself. */
  private static final int LENGTH_BYTES = 4;

  private static final int HEX_BYTES = 8;

  private int maxLength = Integer.MAX_VALUE;
  private ByteBuf buf = Unpooled.EMPTY_BUFFER;
  private int position;
  private int limit;
  private long carried;
  private byte type;
  private int bodyLength;

  /**
   * Sets the largest value of a length field that is accepted ({@code max_packet_size}).
   *
   * @param maxLength bytes, at least 4
   */
  public void limitLength(int maxLength) {
    this.maxLength = Math.max(LENGTH_BYTES, maxLength);
  }

  /** Starts on the readable bytes of a buffer. The cursor never moves the buffer's own indexes. */
  public void begin(ByteBuf view) {
    buf = view;
    position = view.readerIndex();
    limit = view.writerIndex();
  }

  /** Forgets the buffer, so that nothing reads from it after it was handed on. */
  public void end() {
    buf = Unpooled.EMPTY_BUFFER;
    position = 0;
    limit = 0;
  }

  /**
   * Steps over the part of this buffer that belongs to a message begun in an earlier one.
   *
   * @return how many bytes that were; they start at the buffer's reader index
   */
  public int takeCarried() {
    int taken = (int) Math.min(carried, limit - position);
    carried -= taken;
    position += taken;
    return taken;
  }

  /**
   * Reads the header of the next message.
   *
   * @return false when no whole header is left
   * @throws ProtocolViolation 08P01 when the length is below 4 or above the limit
   */
  public boolean next() {
    if (limit - position < HEADER_BYTES || carried > 0) {
      return false;
    }
    int length = buf.getInt(position + 1);
    if (length < LENGTH_BYTES || length > maxLength) {
      throw badHeader();
    }
    type = buf.getByte(position);
    bodyLength = length - LENGTH_BYTES;
    return true;
  }

  private ProtocolViolation badHeader() {
    StringBuilder text = new StringBuilder("bad packet header: '");
    int end = Math.min(limit, position + HEX_BYTES);
    for (int i = position; i < end; i++) {
      int value = buf.getUnsignedByte(i);
      text.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
    }
    return new ProtocolViolation(text.append('\'').toString());
  }

  /** Steps over the current message, or over as much of it as the buffer holds. */
  public void advance() {
    long total = (long) HEADER_BYTES + bodyLength;
    int available = limit - position;
    if (total <= available) {
      position += (int) total;
    } else {
      carried = total - available;
      position = limit;
    }
  }

  /** Says whether the whole current message is in the buffer. */
  public boolean isComplete() {
    return (long) HEADER_BYTES + bodyLength <= limit - position;
  }

  /** The type byte of the current message. */
  public byte type() {
    return type;
  }

  /** Bytes in the body of the current message. */
  public int bodyLength() {
    return bodyLength;
  }

  /** Index of the body of the current message; valid until {@link #advance()}. */
  public int bodyStart() {
    return position + HEADER_BYTES;
  }

  /** Body bytes of the current message that are in the buffer; valid until {@link #advance()}. */
  public int bodyAvailable() {
    return Math.min(bodyLength, limit - position - HEADER_BYTES);
  }

  /** Index of the current message, or of the first byte that was not stepped over. */
  public int position() {
    return position;
  }

  /** Index behind the last byte of the buffer. */
  public int limit() {
    return limit;
  }

  /** Says whether a message has begun whose end has not been read yet. */
  public boolean isMidMessage() {
    return carried > 0;
  }

  /** Body bytes of the message that has begun which are still to come. */
  public long carried() {
    return carried;
  }
}
