package io.sluice.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an ErrorResponse or NoticeResponse that a pooler looks at.
 *
 * <pre>'E' or 'N' | int32 length | (byte code | cstr value)* | byte 0</pre>
 *
 * @param severity never localised where PostgreSQL sends the field {@code V}, else field {@code S}
 * @param sqlState five digits or upper-case letters
 * @param message the primary message
 * @param detail more of it, or null
 * @param hint what to do about it, or null
 */
public record ErrorFields(
    String severity,
    String sqlState,
    String message,
    @Nullable String detail,
    @Nullable String hint) {
  private static final int SQL_STATE_LENGTH = 5;

  /** A value longer than this is cut: PostgreSQL's messages are lines, not books. */
  private static final int MAX_VALUE_BYTES = 8192;

  /**
   * Reads the fields of a body. What is missing or broken gets a default: a server can send
   * anything.
   */
  public static ErrorFields parse(ByteBuf body) {
    String severity = "ERROR";
    String sqlState = SqlState.INTERNAL_ERROR;
    String message = "";
    String detail = null;
    String hint = null;
    boolean plainSeverity = false;
    int index = body.readerIndex();
    int end = body.writerIndex();
    while (index < end && body.getByte(index) != 0) {
      byte code = body.getByte(index);
      int length = CStrings.length(body, index + 1, end);
      if (length < 0) {
        break;
      }
      String value = value(body, index + 1, length);
      index += length + 2;
      switch (code) {
        case 'V' -> {
          severity = value;
          plainSeverity = true;
        }
        case 'S' -> severity = plainSeverity ? severity : value;
        case 'C' -> sqlState = isSqlState(value) ? value : sqlState;
        case 'M' -> message = value;
        case 'D' -> detail = value;
        case 'H' -> hint = value;
        default -> {
          // Position, file, line and the like are the client's matter.
        }
      }
    }
    return new ErrorFields(severity, sqlState, message, detail, hint);
  }

  private static boolean isSqlState(String value) {
    return value.length() == SQL_STATE_LENGTH
        && value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
  }

  private static String value(ByteBuf body, int index, int length) {
    return body.toString(index, Math.min(length, MAX_VALUE_BYTES), StandardCharsets.UTF_8);
  }
}
