package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.MessageCursor;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether an error says {@code cached plan must not change result type}: the columns of a
 * prepared statement have changed since it was prepared, and it can be executed no more.
 *
 * <p>The text is translated; the SQLSTATE, which many errors have, and the routine are not.
 */
final class StalePlan {
  private static final byte[] SQL_STATE = "0A000".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROUTINE = "RevalidateCachedQuery".getBytes(StandardCharsets.US_ASCII);

  private StalePlan() {}

  /** Looks at a whole ErrorResponse: {@code (byte code | cstr value)* | byte 0}. */
  static boolean isIn(ByteBuf view, MessageCursor error) {
    int index = error.bodyStart();
    int end = index + error.bodyLength();
    boolean state = false;
    boolean routine = false;
    while (index < end && view.getByte(index) != 0) {
      int length = CStrings.length(view, index + 1, end);
      if (length < 0) {
        return false;
      }
      switch (view.getByte(index)) {
        case 'C' -> state = CStrings.equals(view, index + 1, length, SQL_STATE);
        case 'R' -> routine = CStrings.equals(view, index + 1, length, ROUTINE);
        default -> {
          // For people.
        }
      }
      index += length + 2;
    }
    return state && routine;
  }
}
