package io.sluice.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Reads, compares and writes NUL-terminated strings inside a {@code ByteBuf}, always bounded. */
public final class CStrings {
  private static final byte NUL = 0;

  private CStrings() {}

  /**
   * Counts the bytes before the NUL of the string that begins at {@code index}.
   *
   * @param limit first index that does not belong to the message any more
   * @return the length without the NUL, or -1 if there is no NUL before {@code limit}
   */
  public static int length(ByteBuf view, int index, int limit) {
    if (index >= limit) {
      return -1;
    }
    int nul = view.indexOf(index, limit, NUL);
    return nul < 0 ? -1 : nul - index;
  }

  /**
   * Reads a UTF-8 string and its NUL from the reader index; bytes that are not UTF-8 become U+FFFD.
   *
   * @param maxBytes most bytes before the NUL
   * @throws ProtocolViolation 08P01 if there is no NUL in the readable bytes, or not early enough;
   *     the reader index has not moved then
   */
  public static String read(ByteBuf view, int maxBytes) {
    int length = length(view, view.readerIndex(), view.writerIndex());
    if (length < 0) {
      throw new ProtocolViolation("unterminated string");
    }
    if (length > maxBytes) {
      throw new ProtocolViolation("string longer than " + maxBytes + " bytes");
    }
    return take(view, length);
  }

  /** Takes a UTF-8 string whose length is known, and its NUL, from the reader index. */
  static String take(ByteBuf view, int length) {
    String text = view.toString(view.readerIndex(), length, StandardCharsets.UTF_8);
    view.skipBytes(length + 1);
    return text;
  }

  /**
   * Writes text as UTF-8 with a NUL behind it.
   *
   * @throws IllegalArgumentException if the text holds a NUL; nothing is written then
   */
  public static void write(ByteBuf out, CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == 0) {
        throw new IllegalArgumentException("text with a NUL at " + i);
      }
    }
    ByteBufUtil.writeUtf8(out, text);
    out.writeByte(NUL);
  }

  /**
   * Writes bytes with a NUL behind them.
   *
   * @throws IllegalArgumentException if there is a NUL among the bytes; nothing is written then
   */
  public static void write(ByteBuf out, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == 0) {
        throw new IllegalArgumentException("text with a NUL at " + i);
      }
    }
    out.writeBytes(text);
    out.writeByte(NUL);
  }

  /** Says whether the {@code length} bytes at {@code index} are exactly {@code expected}. */
  public static boolean equals(ByteBuf view, int index, int length, byte[] expected) {
    if (length != expected.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (view.getByte(index + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
