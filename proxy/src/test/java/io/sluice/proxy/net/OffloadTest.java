package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffloadTest {
  private static final int PATIENCE_S = 15;

  private final MultiThreadIoEventLoopGroup loops = Transport.best().openLoops(1);
  private final Offload offload = new Offload(new LoopContext(loops.next()), 1);

  @AfterEach
  void end() {
    offload.close();
    loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void leavesOutWhatNobodyWantsAnyMore() {
    // Given
    CompletableFuture<String> gate = new CompletableFuture<>();
    CompletableFuture<String> last = new CompletableFuture<>();
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<String> done = new CopyOnWriteArrayList<>();
    offload.submit(gate::join, done::add, last::completeExceptionally);
    offload.submit(wanted::get, () -> "unwanted", done::add, last::completeExceptionally);
    offload.submit(() -> true, () -> "wanted", last::complete, last::completeExceptionally);

    // When
    wanted.set(false);
    gate.complete("first");

    // Then
    assertThat(last.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join()).isEqualTo("wanted");
    assertThat(done).containsExactly("first");
  }
}
