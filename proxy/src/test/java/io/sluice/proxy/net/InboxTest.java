package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.proxy.fake.Wire;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final UnpooledByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  private final Inbox inbox = new Inbox();

  @Test
  void keepsNothingWhenAllWasSteppedOver() {
    ByteBuf buf = inbox.open(Unpooled.wrappedBuffer(Wire.sync()));
    assertThat(inbox.cursor().next()).isTrue();
    inbox.cursor().advance();
    inbox.hold(buf, ALLOC, 0);
    buf.release();
    assertThat(inbox.heldBytes()).isZero();
  }

  @Test
  void findsAMessageThatComesByteByByte() {
    byte[] message = Wire.query("select 1");
    for (int i = 0; i < message.length; i++) {
      ByteBuf buf = inbox.open(Unpooled.copiedBuffer(message, i, 1));
      boolean whole = inbox.cursor().next() && inbox.cursor().isComplete();
      assertThat(whole).isEqualTo(i == message.length - 1);
      inbox.hold(buf, ALLOC, 0);
      buf.release();
      assertThat(inbox.heldBytes()).isEqualTo(i + 1);
    }
    inbox.discard();
    assertThat(inbox.heldBytes()).isZero();
  }

  @Test
  void doesNotCopyAgainWhatItKeepsFromReadToRead() {
    byte[] long1 = Wire.message('P', new byte[5000]);
    ByteBuf first = inbox.open(Unpooled.copiedBuffer(long1, 0, 100));
    inbox.hold(first, ALLOC, long1.length);
    first.release();
    ByteBuf second = inbox.open(Unpooled.copiedBuffer(long1, 100, 100));
    inbox.hold(second, ALLOC, long1.length);
    second.release();
    ByteBuf third = inbox.open(Unpooled.copiedBuffer(long1, 200, 100));
    assertThat(third).isSameAs(second);
    assertThat(third.refCnt()).isOne();
    assertThat(third.readableBytes()).isEqualTo(300);
    third.release();
  }

  @Test
  void copiesTheRestWhenTheBeginningIsUsed() {
    ByteBuf first = inbox.open(Unpooled.copiedBuffer(new byte[] {'S', 0, 0}));
    inbox.hold(first, ALLOC, 0);
    first.release();
    ByteBuf second = inbox.open(Unpooled.copiedBuffer(new byte[] {0, 4, 'S', 0}));
    assertThat(inbox.cursor().next()).isTrue();
    inbox.cursor().advance();
    assertThat(inbox.cursor().next()).isFalse();
    inbox.hold(second, ALLOC, 0);
    second.release();
    assertThat(second.refCnt()).isZero();
    assertThat(inbox.heldBytes()).isEqualTo(2);
    inbox.discard();
  }

  @Test
  void appendsInOrder() {
    inbox.append(Unpooled.copiedBuffer(new byte[] {1, 2}), ALLOC);
    inbox.append(Unpooled.copiedBuffer(new byte[] {3}), ALLOC);
    ByteBuf all = inbox.open(Unpooled.EMPTY_BUFFER);
    assertThat(all.readMedium()).isEqualTo(0x010203);
    all.release();
  }
}
