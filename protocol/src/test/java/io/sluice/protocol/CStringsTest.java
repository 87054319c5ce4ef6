package io.sluice.protocol;

import static io.sluice.protocol.WireBytes.buf;
import static io.sluice.protocol.WireBytes.bytes;
import static io.sluice.protocol.WireBytes.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class CStringsTest {
  @Test
  void countsTheBytesBeforeTheNul() {
    ByteBuf buf = buf("ab\\00cde\\00\\00f");
    assertThat(CStrings.length(buf, 0, 9)).isEqualTo(2);
    assertThat(CStrings.length(buf, 2, 9)).isZero();
    assertThat(CStrings.length(buf, 3, 9)).isEqualTo(3);
    assertThat(CStrings.length(buf, 7, 9)).isZero();
    assertThat(CStrings.length(buf, 8, 9)).isEqualTo(-1);
  }

  @Test
  void doesNotLookAtTheLimitOrBehindIt() {
    ByteBuf buf = buf("abc\\00");
    assertThat(CStrings.length(buf, 0, 3)).isEqualTo(-1);
    assertThat(CStrings.length(buf, 0, 4)).isEqualTo(3);
    assertThat(CStrings.length(buf, 3, 3)).isEqualTo(-1);
    // Netty searches backwards when the end is before the start.
    assertThat(CStrings.length(buf("\\00\\00\\00"), 2, 0)).isEqualTo(-1);
  }

  @Test
  void countsInBuffersOfSeveralPieces() {
    ByteBuf pieces = Unpooled.wrappedBuffer(buf("xab"), buf("cdefghijklm"), buf("n\\00o"));
    assertThat(CStrings.length(pieces, 1, pieces.writerIndex())).isEqualTo(14);
    assertThat(CStrings.equals(pieces, 1, 14, bytes("abcdefghijklmn"))).isTrue();
  }

  @Test
  void readsUpToTheNulAndStepsOverIt() {
    ByteBuf buf = buf("grün\\00\\00x");
    assertThat(CStrings.read(buf, 5)).isEqualTo("grün");
    assertThat(CStrings.read(buf, 0)).isEmpty();
    assertThat(buf.readableBytes()).isEqualTo(1);
  }

  @Test
  void readsBytesThatAreNotUtf8AsReplacements() {
    assertThat(CStrings.read(buf("a\\ffb\\00"), 10)).isEqualTo("a\ufffdb");
  }

  @Test
  void refusesAStringWithoutAnEnd() {
    ByteBuf buf = buf("abc\\00");
    buf.writerIndex(3);
    assertThatThrownBy(() -> CStrings.read(buf, 10))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("unterminated string");
    assertThat(buf.readerIndex()).isZero();
  }

  @Test
  void refusesAStringThatIsTooLong() {
    ByteBuf buf = buf("abc\\00");
    assertThatThrownBy(() -> CStrings.read(buf, 2))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("string longer than 2 bytes");
    assertThat(buf.readerIndex()).isZero();
  }

  @Test
  void writesUtf8AndANul() {
    assertThat(written(out -> CStrings.write(out, "é\\"))).isEqualTo("\\c3\\a9\\5c\\00");
    assertThat(written(out -> CStrings.write(out, ""))).isEqualTo("\\00");
    assertThat(written(out -> CStrings.write(out, bytes("a\\ff")))).isEqualTo("a\\ff\\00");
  }

  @Test
  void refusesToWriteANulInsideAText() {
    ByteBuf out = Unpooled.buffer();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CStrings.write(out, "ab\0"))
        .withMessage("text with a NUL at 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CStrings.write(out, new byte[] {65, 0, 65}))
        .withMessage("text with a NUL at 1");
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void comparesInPlace() {
    ByteBuf buf = buf("xabcx");
    assertThat(CStrings.equals(buf, 1, 3, bytes("abc"))).isTrue();
    assertThat(CStrings.equals(buf, 1, 3, bytes("abx"))).isFalse();
    assertThat(CStrings.equals(buf, 1, 3, bytes("xbc"))).isFalse();
    assertThat(CStrings.equals(buf, 1, 2, bytes("abc"))).isFalse();
    assertThat(CStrings.equals(buf, 1, 3, bytes("ab"))).isFalse();
    assertThat(CStrings.equals(buf, 5, 0, bytes(""))).isTrue();
  }
}
