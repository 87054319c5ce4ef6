package io.sluice.proxy.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakGuardTest {
  /** The reference must not stay in a frame that is still alive. */
  private static int lose() {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.buffer(8);
    return lost.readableBytes();
  }

  @Test
  void seesABufferThatIsLost() {
    assertThat(lose()).isZero();
    String found = "";
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (found.isEmpty() && System.nanoTime() < deadline) {
      found = LeakGuard.collect();
    }
    assertThat(found).contains("LeakGuardTest");
  }
}
