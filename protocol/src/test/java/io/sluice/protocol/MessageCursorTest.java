package io.sluice.protocol;

import static io.sluice.protocol.WireBytes.buf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCursorTest {
  private final MessageCursor cursor = new MessageCursor();

  @Test
  void stepsOverWholeMessages() {
    cursor.begin(buf("xxQ\\00\\00\\00\\07abcS\\00\\00\\00\\04").skipBytes(2));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.type()).isEqualTo(FrontendType.QUERY);
    assertThat(cursor.bodyLength()).isEqualTo(3);
    assertThat(cursor.bodyStart()).isEqualTo(7);
    assertThat(cursor.bodyAvailable()).isEqualTo(3);
    assertThat(cursor.isComplete()).isTrue();
    cursor.advance();
    assertThat(cursor.position()).isEqualTo(10);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.type()).isEqualTo(FrontendType.SYNC);
    assertThat(cursor.bodyLength()).isZero();
    assertThat(cursor.isComplete()).isTrue();
    cursor.advance();
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.position()).isEqualTo(cursor.limit()).isEqualTo(15);
    assertThat(cursor.isMidMessage()).isFalse();
  }

  @Test
  void staysBeforeAHeaderThatIsNotWhole() {
    ByteBuf whole = buf("S\\00\\00\\00\\04");
    for (int length = 0; length < 5; length++) {
      cursor.begin(whole.slice(0, length));
      assertThat(cursor.next()).as("%s bytes", length).isFalse();
      assertThat(cursor.position()).isZero();
      assertThat(cursor.limit()).isEqualTo(length);
    }
  }

  @Test
  void staysBeforeAMessageThatIsNotSteppedOver() {
    cursor.begin(buf("Q\\00\\00\\00\\08ab"));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.isComplete()).isFalse();
    assertThat(cursor.bodyAvailable()).isEqualTo(2);
    assertThat(cursor.position()).isZero();
    assertThat(cursor.next()).isTrue();
  }

  @Test
  void carriesTheRestOfAMessageOverSeveralBuffers() {
    cursor.begin(buf("Q\\00\\00\\00\\0eab"));
    assertThat(cursor.next()).isTrue();
    cursor.advance();
    assertThat(cursor.position()).isEqualTo(7);
    assertThat(cursor.isMidMessage()).isTrue();
    assertThat(cursor.carried()).isEqualTo(8);
    assertThat(cursor.next()).isFalse();

    cursor.begin(buf("cde"));
    assertThat(cursor.takeCarried()).isEqualTo(3);
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.carried()).isEqualTo(5);

    cursor.begin(buf("fghijS\\00\\00\\00\\04"));
    assertThat(cursor.takeCarried()).isEqualTo(5);
    assertThat(cursor.isMidMessage()).isFalse();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.type()).isEqualTo(FrontendType.SYNC);
    assertThat(cursor.position()).isEqualTo(5);
    assertThat(cursor.takeCarried()).isZero();
  }

  @Test
  void carriesTheLongestMessage() {
    cursor.begin(buf("d\\7f\\ff\\ff\\ffab"));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.isComplete()).isFalse();
    assertThat(cursor.bodyLength()).isEqualTo(Integer.MAX_VALUE - 4);
    cursor.advance();
    assertThat(cursor.carried()).isEqualTo(Integer.MAX_VALUE - 4L - 2);
  }

  @ParameterizedTest
  @CsvSource({
    "Q\\00\\00\\00\\00, 5100000000",
    "Q\\00\\00\\00\\03abcdef, 5100000003616263",
    "Q\\ff\\ff\\ff\\ffa, 51ffffffff61",
    "Q\\80\\00\\00\\00, 5180000000"
  })
  void refusesLengthsBelowFourWithTheFirstBytesInHex(String message, String hex) {
    cursor.begin(buf("S\\00\\00\\00\\04" + message));
    assertThat(cursor.next()).isTrue();
    cursor.advance();
    assertThatThrownBy(cursor::next)
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("bad packet header: '" + hex + "'");
  }

  @Test
  void refusesLengthsAboveTheLimit() {
    cursor.limitLength(10);
    cursor.begin(buf("Q\\00\\00\\00\\0a"));
    assertThat(cursor.next()).isTrue();
    cursor.begin(buf("Q\\00\\00\\00\\0b"));
    assertThatThrownBy(cursor::next).hasMessage("bad packet header: '510000000b'");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 0, -1, Integer.MIN_VALUE})
  void neverLimitsSoMuchThatNoMessageIsLeft(int limit) {
    cursor.limitLength(limit);
    cursor.begin(buf("S\\00\\00\\00\\04"));
    assertThat(cursor.next()).isTrue();
  }

  @Test
  void seesNothingAfterTheEnd() {
    cursor.begin(buf("S\\00\\00\\00\\04S\\00\\00\\00\\04"));
    assertThat(cursor.next()).isTrue();
    cursor.end();
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.position()).isEqualTo(cursor.limit());
  }

  @Test
  void movesNoIndexOfTheBuffer() {
    ByteBuf view = Unpooled.wrappedBuffer(buf("S\\00\\00\\00\\04S\\00"));
    cursor.begin(view);
    cursor.takeCarried();
    cursor.next();
    cursor.advance();
    cursor.next();
    cursor.end();
    assertThat(view.readerIndex()).isZero();
    assertThat(view.readableBytes()).isEqualTo(7);
  }
}
