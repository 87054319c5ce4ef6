package io.sluice.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Bytes in a notation that a test can be read in: printable characters stand for themselves, all
 * others, and the backslash, are two hex digits behind a backslash: {@code Z\00\00\00\05I}.
 */
public final class WireBytes {
  private WireBytes() {}

  /** Returns the bytes that a text in this notation means. */
  public static byte[] bytes(String notation) {
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < notation.length(); i++) {
      char c = notation.charAt(i);
      if (c == '\\') {
        out.writeByte(HexFormat.fromHexDigits(notation, i + 1, i + 3));
        i += 2;
      } else {
        out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return ByteBufUtil.getBytes(out);
  }

  /** Returns a buffer with these bytes. */
  public static ByteBuf buf(String notation) {
    return Unpooled.wrappedBuffer(bytes(notation));
  }

  /** Returns the notation of what is written into a buffer. */
  public static String written(Consumer<ByteBuf> writer) {
    // Something in front, so that a writer that counts from the start of the buffer is found out.
    ByteBuf out = Unpooled.buffer(4).writeBytes(new byte[] {1, 2, 3});
    writer.accept(out);
    return print(ByteBufUtil.getBytes(out.skipBytes(3)));
  }

  /** Returns the notation of these bytes. */
  public static String print(byte[] bytes) {
    StringBuilder notation = new StringBuilder();
    for (byte b : bytes) {
      if (b >= ' ' && b < 0x7f && b != '\\') {
        notation.append((char) b);
      } else {
        notation.append('\\').append(HexFormat.of().toHexDigits(b));
      }
    }
    return notation.toString();
  }
}
