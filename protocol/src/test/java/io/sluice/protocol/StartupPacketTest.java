package io.sluice.protocol;

import static io.sluice.protocol.WireBytes.buf;
import static io.sluice.protocol.WireBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupPacketTest {
  private static final String V3 = "\\00\\03\\00\\00";
  private static final String NO_TERMINATOR =
      "invalid startup packet layout: expected terminator as last byte";

  @Test
  void readsAStartupMessage() {
    ByteBuf buf =
        buf("\\00\\00\\00\\20" + V3 + "user\\00zo\\c3\\ab\\00database\\00app\\00\\00next");
    assertThat(StartupPacket.lengthAt(buf)).isEqualTo(32);
    assertThat(buf.readerIndex()).isZero();
    StartupMessage message = (StartupMessage) StartupPacket.parse(buf);
    assertThat(message.version()).isEqualTo(ProtocolVersion.V3_0);
    assertThat(message.parameters())
        .containsExactly(entry("user", "zoë"), entry("database", "app"));
    assertThat(buf.readerIndex()).isEqualTo(32);
  }

  @Test
  void readsAPacketInTheMiddleOfABuffer() {
    ByteBuf buf = buf("xx\\00\\00\\00\\09" + V3 + "\\00").skipBytes(2);
    assertThat(StartupPacket.lengthAt(buf)).isEqualTo(9);
    assertThat(StartupPacket.parse(buf)).isInstanceOf(StartupMessage.class);
    assertThat(buf.isReadable()).isFalse();
  }

  @Test
  void keepsTheLastValueOfAName() {
    assertThat(message("a\\001\\00b\\002\\00a\\003\\00\\00").parameters())
        .containsExactly(entry("a", "3"), entry("b", "2"));
  }

  @Test
  void acceptsEmptyValues() {
    assertThat(message("a\\00\\00b\\00\\00\\00").parameters())
        .containsExactly(entry("a", ""), entry("b", ""));
    assertThat(message("\\00").parameters()).isEmpty();
  }

  @Test
  void givesParametersThatCannotBeChanged() {
    assertThatThrownBy(() -> message("\\00").parameters().put("user", "root"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 0xffff})
  void acceptsEveryMinorVersionOf3(int minor) {
    ByteBuf buf = Unpooled.buffer().writeInt(9).writeInt(0x30000 | minor).writeByte(0);
    assertThat(((StartupMessage) StartupPacket.parse(buf)).version())
        .isEqualTo(new ProtocolVersion(3, minor));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a\\00", "a\\00b", "a\\00b\\00", "\\00\\00", "\\00x", "a\\00b\\00\\00c"})
  void refusesAMessageThatDoesNotEndWithItsTerminator(String body) {
    assertThatThrownBy(() -> message(body))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage(NO_TERMINATOR);
  }

  @Test
  void doesNotReadBehindThePacket() {
    ByteBuf buf = buf("\\00\\00\\00\\0b" + V3 + "a\\00b\\00\\00");
    assertThatThrownBy(() -> StartupPacket.parse(buf)).hasMessage(NO_TERMINATOR);
    assertThat(buf.readerIndex()).isEqualTo(11);
  }

  @Test
  void readsRequestsForEncryption() {
    assertThat(StartupPacket.parse(buf("\\00\\00\\00\\08\\04\\d2\\16/")))
        .isEqualTo(new SslRequest());
    assertThat(StartupPacket.parse(buf("\\00\\00\\00\\08\\04\\d2\\160")))
        .isEqualTo(new GssEncRequest());
  }

  @Test
  void refusesRequestsForEncryptionWithABody() {
    refuses("\\00\\00\\00\\09\\04\\d2\\16/x", "bad packet header: '0000000904d2162f'");
    refuses("\\00\\00\\00\\09\\04\\d2\\160x", "bad packet header: '0000000904d21630'");
  }

  @Test
  void readsCancelRequestsOfBothVersions() {
    ByteBuf old = buf("\\00\\00\\00\\10\\04\\d2\\16.\\01\\02\\03\\04\\f0\\f1\\f2\\f3");
    assertThat(StartupPacket.parse(old))
        .isEqualTo(new CancelRequest(new CancelKey(0x01020304, bytes("\\f0\\f1\\f2\\f3"))));
    ByteBuf longest = buf("\\00\\00\\01\\0c\\04\\d2\\16.\\ff\\ff\\ff\\ff" + "x".repeat(256));
    assertThat(StartupPacket.parse(longest))
        .isEqualTo(new CancelRequest(new CancelKey(-1, bytes("x".repeat(256)))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 7, 261, 300})
  void refusesCancelRequestsWithAnotherKeyLength(int bodyLength) {
    ByteBuf buf = Unpooled.buffer().writeInt(8 + bodyLength).writeInt(80877102);
    buf.writeZero(bodyLength);
    assertThatThrownBy(() -> StartupPacket.parse(buf))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("bad cancel request");
    assertThat(buf.isReadable()).isFalse();
  }

  @Test
  void refusesTheOldVersion2() {
    refuses("\\00\\00\\00\\09\\00\\02\\00\\00\\00", "old V2 protocol not supported");
  }

  @ParameterizedTest
  @CsvSource({"0, 00000000", "131073, 00020001", "262144, 00040000", "-1, ffffffff"})
  void refusesOtherCodes(int code, String hex) {
    ByteBuf buf = Unpooled.buffer().writeInt(9).writeInt(code).writeByte(0);
    ThrowingCallable parse = () -> StartupPacket.parse(buf);
    assertThatThrownBy(parse)
        .isInstanceOfSatisfying(
            ProtocolViolation.class, e -> assertThat(e.sqlState()).isEqualTo("08P01"))
        .hasMessage("bad packet header: '00000009" + hex + "'");
  }

  @Test
  void waitsForFourBytes() {
    ByteBuf whole = buf("\\00\\00\\00\\08");
    for (int length = 0; length < 4; length++) {
      assertThat(StartupPacket.lengthAt(whole.slice(0, length))).isEqualTo(-1);
    }
    assertThat(StartupPacket.lengthAt(whole)).isEqualTo(8);
  }

  @Test
  void acceptsLengthsFrom8To65535() {
    assertThat(StartupPacket.lengthAt(buf("\\00\\00\\00\\08"))).isEqualTo(8);
    assertThat(StartupPacket.lengthAt(buf("\\00\\00\\ff\\ff"))).isEqualTo(65_535);
  }

  @ParameterizedTest
  @CsvSource({
    "\\00\\00\\00\\00, 00000000",
    "\\00\\00\\00\\07, 00000007",
    "\\00\\01\\00\\00, 00010000",
    "\\7f\\ff\\ff\\ff, 7fffffff",
    "\\80\\00\\00\\00, 80000000",
    "\\ff\\ff\\ff\\ffabcdef, ffffffff61626364",
    "GET / HTTP/1.1, 474554202f204854"
  })
  void refusesOtherLengthsWithUpToEightBytesInHex(String start, String hex) {
    assertThatThrownBy(() -> StartupPacket.lengthAt(buf(start)))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("bad packet header: '" + hex + "'");
  }

  @Test
  void isNotAskedToReadAPacketThatIsNotWhole() {
    ByteBuf whole = buf("\\00\\00\\00\\10" + V3 + "a\\00bcdef\\00");
    for (int length = 0; length < 16; length++) {
      ByteBuf part = whole.slice(0, length);
      assertThatIllegalStateException().isThrownBy(() -> StartupPacket.parse(part));
      assertThat(part.readerIndex()).isZero();
    }
  }

  @Test
  void readsTheLongestPacket() {
    ByteBuf buf = Unpooled.buffer().writeInt(65_535).writeInt(0x30000);
    buf.writeBytes(bytes("a\\00")).writeBytes(bytes("v".repeat(65_523))).writeZero(2);
    StartupMessage message = (StartupMessage) StartupPacket.parse(buf);
    assertThat(message.parameters()).containsExactly(entry("a", "v".repeat(65_523)));
  }

  private static StartupMessage message(String body) {
    ByteBuf buf = Unpooled.buffer().writeInt(8 + bytes(body).length).writeInt(0x30000);
    return (StartupMessage) StartupPacket.parse(buf.writeBytes(bytes(body)));
  }

  private static void refuses(String packet, String text) {
    assertThatThrownBy(() -> StartupPacket.parse(buf(packet)))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage(text);
  }
}
