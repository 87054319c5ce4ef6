package io.sluice.proxy.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.sluice.proxy.net.LoopContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Finds out how long a loop is kept from its other connections: the most processor time that its
 * thread takes between two rounds, to which no other process and no collection of garbage adds. Of
 * several runs the best counts, since code that has just been loaded is slow.
 */
public final class TurnProbe implements Runnable {
  private static final long MOST_NS = 100_000_000;
  private static final int RUNS = 5;

  private final LoopContext loop;
  private final CompletableFuture<Long> worst = new CompletableFuture<>();
  private long last;
  private long most;
  private volatile boolean over;

  private TurnProbe(LoopContext loop) {
    this.loop = loop;
  }

  /** What is measured: something that waits for its own end. */
  public interface Deed {
    void run() throws IOException;
  }

  /** Fails if something keeps the loop from others for 100 ms every time. */
  public static void assertHoldsNobody(LoopContext loop, String what, Deed deed)
      throws IOException {
    ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();
    // Looking for leaks at every access costs more than all the rest.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < RUNS && best >= MOST_NS / 4; i++) {
        best = Math.min(best, new TurnProbe(loop).measure(deed));
      }
      assertThat(best).as(what + ", ns").isPositive().isLessThan(MOST_NS);
    } finally {
      ResourceLeakDetector.setLevel(usual);
    }
  }

  private long measure(Deed deed) throws IOException {
    loop.executeNextRound(this);
    try {
      deed.run();
    } finally {
      over = true;
    }
    return worst.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void run() {
    long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    most = last == 0 ? 0 : Math.max(most, now - last);
    last = now;
    if (over) {
      worst.complete(most);
    } else {
      loop.executeNextRound(this);
    }
  }
}
