package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.write.FrontendWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every startup packet. */
class StartupPacketProperty {
  private static final int[] CODES = {
    0x30000, 0x30002, 0x20000, 80877102, 80877103, 80877104, 0, -1
  };

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsBackWhatWasWritten(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int count = random.nextInt(6); count > 0; count--) {
        parameters.put("k" + text(random), text(random));
      }
      ProtocolVersion version = new ProtocolVersion(3, random.nextInt(0x10000));
      ByteBuf buf = Unpooled.buffer();
      FrontendWriter.startup(buf, version, parameters);
      assertThat(StartupPacket.lengthAt(buf)).isEqualTo(buf.readableBytes());
      StartupMessage message = (StartupMessage) StartupPacket.parse(buf);
      assertThat(message)
          .as("seed %s, round %s", seed, round)
          .isEqualTo(new StartupMessage(version, parameters));
      assertThat(message.parameters().keySet()).containsExactlyElementsOf(parameters.keySet());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void readsAnyBytesOrRefusesThemButStaysInsideThePacket(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      int bodyLength = random.nextInt(40);
      ByteBuf buf = Unpooled.buffer();
      buf.writeInt(8 + bodyLength).writeInt(CODES[random.nextInt(CODES.length)]);
      for (int i = 0; i < bodyLength; i++) {
        buf.writeByte(random.nextInt(3) == 0 ? 0 : random.nextInt(256));
      }
      buf.writeBytes(new byte[] {1, 2, 3});
      try {
        assertThat(StartupPacket.parse(buf)).isNotNull();
      } catch (ProtocolViolation refused) {
        assertThat(refused.sqlState()).isEqualTo(SqlState.PROTOCOL_VIOLATION);
        assertThat(refused.getStackTrace()).isEmpty();
      }
      assertThat(buf.readableBytes()).as("seed %s, round %s", seed, round).isEqualTo(3);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(8); length > 0; length--) {
      text.appendCodePoint(1 + random.nextInt(0xd7ff));
    }
    return text.toString();
  }
}
