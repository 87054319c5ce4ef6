package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopContextTest {
  /** A signal may come when everything has ended. */
  @Test
  void ignoresWhatComesAfterTheEndOfTheLoop() {
    MultiThreadIoEventLoopGroup loops = Transport.best().openLoops(1);
    LoopContext loop = new LoopContext(loops.next());
    loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly();
    AtomicBoolean ran = new AtomicBoolean();

    assertThatCode(() -> loop.execute(() -> ran.set(true))).doesNotThrowAnyException();

    assertThat(ran).isFalse();
  }
}
