package io.sluice.proxy.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.SqlState;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4 = SIGNATURE + "2111000cc0000207c6336401303918" + "38";
  private static final String V6 =
      SIGNATURE + "21210024" + "20010db8000000000000000000000007" + "00".repeat(16) + "30391838";

  private static ProxyHeader whole(ByteBuf buf) {
    return Objects.requireNonNull(ProxyHeader.parse(buf));
  }

  private static ProxyHeader text(String line) {
    return whole(Unpooled.copiedBuffer(line, ISO_8859_1));
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }

  private static String source(ProxyHeader header) {
    InetSocketAddress source = Objects.requireNonNull(header.source());
    return source.getAddress().getHostAddress() + " " + source.getPort();
  }

  @Test
  void readsVersion1() {
    String line = "PROXY TCP4 192.0.2.7 198.51.100.1 12345 6200\r\n";
    assertThat(source(text(line + "more"))).isEqualTo("192.0.2.7 12345");
    assertThat(text(line + "more").length()).isEqualTo(line.length());
    assertThat(source(text("PROXY TCP6 2001:db8::7 ::1 65535 1\r\n")))
        .isEqualTo("2001:db8:0:0:0:0:0:7 65535");
    assertThat(text("PROXY UNKNOWN\r\n").source()).isNull();
    assertThat(text("PROXY UNKNOWN ff:: :: 1 2\r\n").source()).isNull();
  }

  @Test
  void readsVersion2() {
    assertThat(source(whole(bytes(V4)))).isEqualTo("192.0.2.7 12345");
    assertThat(whole(bytes(V4 + "ff")).length()).isEqualTo(28);
    assertThat(source(whole(bytes(V6)))).isEqualTo("2001:db8:0:0:0:0:0:7 12345");
  }

  @Test
  void skipsWhatItDoesNotKnowInVersion2() {
    String withTlv = V4.replace("2111000c", "2111000f") + "040000";
    assertThat(whole(bytes(withTlv)).length()).isEqualTo(31);
    assertThat(whole(bytes(SIGNATURE + "20000000")).source()).isNull();
    assertThat(whole(bytes(SIGNATURE + "21310001ff")).source()).isNull();
  }

  @Test
  void waitsForTheWholeHeader() {
    ByteBuf line = Unpooled.copiedBuffer("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n", ISO_8859_1);
    for (int length = 1; length < line.writerIndex(); length++) {
      assertThat(ProxyHeader.parse(line.slice(0, length))).isNull();
    }
    ByteBuf v6 = bytes(V6);
    for (int length = 1; length < v6.writerIndex(); length++) {
      assertThat(ProxyHeader.parse(v6.slice(0, length))).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 ::1 1 2\r\n",
        "PROXY TCP6 :::: ::1 1 2\r\n",
        "PROXY TCP6 .: ::1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 65536 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
        "PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
        "PROXY TCP4 example.com 198.51.100.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY\r\n",
        "GET / HTTP/1.1\r\n",
        "X"
      })
  void refusesWhatIsBroken(String line) {
    assertThatThrownBy(() -> text(line)).isInstanceOf(ProtocolViolation.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIGNATURE + "11110000",
        SIGNATURE + "22110000",
        SIGNATURE + "2111ffff",
        SIGNATURE + "2111000b" + "0000000000000000000000",
        SIGNATURE + "21210023" + "00",
        "0d0a0d0b"
      })
  void refusesABrokenVersion2(String hex) {
    ByteBuf buf = bytes(hex + "00".repeat(hex.endsWith("002300") ? 34 : 0));
    assertThatThrownBy(() -> ProxyHeader.parse(buf)).isInstanceOf(ProtocolViolation.class);
  }

  @Test
  void doesNotWaitForAnEndlessLine() {
    assertThatThrownBy(() -> text("PROXY " + "x".repeat(ProxyHeader.MAX_V1_BYTES)))
        .isInstanceOf(ProtocolViolation.class);
  }

  @Test
  void getsOverAnything() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] start = ByteBufUtil.decodeHexDump(seed % 2 == 0 ? SIGNATURE : "50524f585920");
      byte[] tail = new byte[random.nextInt(60)];
      random.nextBytes(tail);
      ByteBuf buf = Unpooled.wrappedBuffer(start, tail);
      try {
        ProxyHeader header = ProxyHeader.parse(buf);
        assertThat(header == null || header.length() <= buf.readableBytes())
            .as("seed " + seed)
            .isTrue();
      } catch (ProtocolViolation refused) {
        assertThat(refused.sqlState()).isEqualTo(SqlState.PROTOCOL_VIOLATION);
      }
    }
  }
}
