package io.sluice.protocol.write;

import io.netty.buffer.ByteBuf;

/** The frame around every message: {@code byte type | int32 length | body}. */
final class Frames {
  private Frames() {}

  /**
   * Begins a message.
   *
   * @return where its length stands
   */
  static int begin(ByteBuf out, int type) {
    out.writeByte(type);
    int start = out.writerIndex();
    out.writeInt(0);
    return start;
  }

  /** Ends a message: fills its length in. */
  static void end(ByteBuf out, int start) {
    out.setInt(start, out.writerIndex() - start);
  }

  /** Writes a message without a body. */
  static void empty(ByteBuf out, int type) {
    out.writeByte(type);
    out.writeInt(Integer.BYTES);
  }
}
