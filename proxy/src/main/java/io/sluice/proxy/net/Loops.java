package io.sluice.proxy.net;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of the process ({@code workers}). Connections are confined to one of them, and so
 * is everything that serves them. What concerns all of them, such as a command of the console, is
 * done {@link #alone}: on the first loop, while the others stand still.
 */
public final class Loops {
  private static final int PATIENCE_S = 10;

  private final MultiThreadIoEventLoopGroup group;
  private final int quietMs;
  private final List<LoopContext> all = new ArrayList<>();
  private boolean alone;

  private Loops(MultiThreadIoEventLoopGroup group, int quietMs, int count) {
    this.group = group;
    this.quietMs = quietMs;
    for (int i = 0; i < count; i++) {
      all.add(new LoopContext(group.next()));
    }
  }

  /** Starts loops. */
  public static Loops start(Transport transport, int count) {
    return new Loops(transport.openLoops(count), transport.quietMs(), count);
  }

  /** The loop that accepts connections and has the console. */
  public LoopContext first() {
    return all.get(0);
  }

  /** All loops, the first one first. */
  public List<LoopContext> all() {
    return List.copyOf(all);
  }

  /**
   * Does something that may touch what belongs to any loop. To be called on the first loop. The
   * others are stopped between two turns for as long as it takes, which is meant to be short.
   *
   * @throws IllegalStateException when one of them does not come to the end of its turn
   */
  public <T extends @Nullable Object> T alone(Supplier<T> work) {
    if (alone || all.size() == 1) {
      return work.get();
    }
    if (!first().isHere()) {
      throw new IllegalStateException("not on the first event loop");
    }
    CountDownLatch stopped = new CountDownLatch(all.size() - 1);
    CountDownLatch done = new CountDownLatch(1);
    for (LoopContext other : all.subList(1, all.size())) {
      other.execute(() -> stand(stopped, done));
    }
    alone = true;
    try {
      awaitAll(stopped);
      first().tick();
      return work.get();
    } finally {
      alone = false;
      done.countDown();
    }
  }

  private static void stand(CountDownLatch stopped, CountDownLatch done) {
    stopped.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitAll(CountDownLatch stopped) {
    try {
      if (!stopped.await(PATIENCE_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException("an event loop is stuck");
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", ended);
    }
  }

  /** Does something alone, without a result. */
  public void alone(Runnable work) {
    alone(
        () -> {
          work.run();
          return true;
        });
  }

  /** Ends the loops; they have a few seconds for what they are doing. */
  public void close(int timeoutS) {
    group
        .shutdownGracefully(quietMs, TimeUnit.SECONDS.toMillis(timeoutS), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
    all.forEach(loop -> loop.offload().close());
  }
}
