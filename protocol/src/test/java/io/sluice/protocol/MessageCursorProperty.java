package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a stream is cut into buffers, the same messages are seen, and no byte is lost. */
class MessageCursorProperty {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void seesTheSameMessagesAtEverySplit(long seed) {
    Random random = new Random(seed);
    List<String> messages = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      int bodyLength = random.nextInt(12);
      byte type = (byte) ('A' + random.nextInt(26));
      stream.writeByte(type).writeInt(4 + bodyLength);
      for (int i = 0; i < bodyLength; i++) {
        stream.writeByte(random.nextInt(256));
      }
      messages.add((char) type + ":" + bodyLength);
    }
    int length = stream.writerIndex();
    for (int first = 0; first <= length; first++) {
      for (int second = first; second <= length; second++) {
        List<ByteBuf> parts =
            List.of(
                stream.slice(0, first),
                stream.slice(first, second - first),
                stream.slice(second, length - second));
        assertThat(read(parts, false))
            .as("seed %s, %s, %s", seed, first, second)
            .isEqualTo(messages);
        assertThat(read(parts, true))
            .as("seed %s, %s, %s", seed, first, second)
            .isEqualTo(messages);
      }
    }
  }

  /** Reads as a connection does: what was not stepped over is put in front of the next part. */
  private static List<String> read(List<ByteBuf> parts, boolean wantsWhole) {
    MessageCursor cursor = new MessageCursor();
    List<String> seen = new ArrayList<>();
    ByteBuf kept = Unpooled.buffer();
    for (ByteBuf part : parts) {
      ByteBuf buf = Unpooled.buffer().writeBytes(kept).writeBytes(part.duplicate());
      cursor.begin(buf);
      cursor.takeCarried();
      while (cursor.next() && (!wantsWhole || cursor.isComplete())) {
        seen.add((char) cursor.type() + ":" + cursor.bodyLength());
        cursor.advance();
      }
      kept = buf.copy(cursor.position(), cursor.limit() - cursor.position());
    }
    assertThat(cursor.isMidMessage()).isFalse();
    assertThat(kept.isReadable()).isFalse();
    return seen;
  }
}
