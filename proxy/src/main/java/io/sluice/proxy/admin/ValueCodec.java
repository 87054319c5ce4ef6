package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.admin.show.Columns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of SHOW in PostgreSQL's text and binary formats.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html">Formats and format
 *     codes</a>
 */
final class ValueCodec {
  /** The format code of text. */
  static final int TEXT = 0;

  /** The format code of binary. */
  static final int BINARY = 1;

  /** A digit of a binary numeric holds four decimal ones. */
  private static final int NUMERIC_BASE = 10_000;

  private static final int NUMERIC_POSITIVE = 0x0000;
  private static final int NUMERIC_NEGATIVE = 0x4000;

  private ValueCodec() {}

  /** The bytes of a value, or null for NULL. */
  static byte @Nullable [] encode(@Nullable Object value, Column column, int format) {
    if (value == null) {
      return null;
    }
    if (format == BINARY && value instanceof Number number) {
      return binary(number.longValue(), column);
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] binary(long value, Column column) {
    ByteBuf out = Unpooled.buffer();
    switch (column.typeOid()) {
      case Columns.INT4 -> out.writeInt((int) value);
      case Columns.INT8 -> out.writeLong(value);
      case Columns.NUMERIC -> writeNumeric(out, value);
      default -> throw new IllegalStateException("a number in column " + column);
    }
    return ByteBufUtil.getBytes(out);
  }

  /**
   * {@code int16 n | int16 weight | int16 sign | int16 scale | n × int16 digit}; zeros at the end
   * are left out, the weight tells of them.
   */
  private static void writeNumeric(ByteBuf out, long value) {
    List<Integer> digits = new ArrayList<>();
    int weight = -1;
    for (long rest = value; rest != 0; rest /= NUMERIC_BASE) {
      int digit = (int) Math.abs(rest % NUMERIC_BASE);
      if (digit != 0 || !digits.isEmpty()) {
        digits.add(0, digit);
      }
      weight++;
    }
    out.writeShort(digits.size());
    out.writeShort(Math.max(0, weight));
    out.writeShort(value < 0 ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE);
    out.writeShort(0);
    digits.forEach(out::writeShort);
  }
}
