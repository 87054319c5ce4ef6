package io.sluice.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class VisitorsTest {
  private static final long S = 1_000_000_000L;
  private static final GuardLimits LIMITS = new GuardLimits(0, 0, 5, S);

  private final Visitors visitors = new Visitors();

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(0x0A000000 | number).array());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void forgetsWhoLeavesWithoutATrace() {
    for (int i = 0; i < 100; i++) {
      Visitor visitor = visitors.arrived(address(i));
      visitor.tries(S, LIMITS, this);
      visitors.left(visitor, false, S);
    }
    assertThat(visitors.count()).isZero();
  }

  /** Whoever comes again and again would have as many lines as it likes. */
  @Test
  void remembersTheLinesThatWereLogged() {
    int lines = 0;
    for (int i = 0; i < 100; i++) {
      Visitor visitor = visitors.arrived(address(1));
      lines += visitor.mayLog(S) ? 1 : 0;
      visitors.left(visitor, false, S);
    }
    assertThat(lines).isEqualTo(20);
    visitors.maintain(2 * S + Visitor.FORGET_NS);
    assertThat(visitors.count()).isZero();
  }

  @Test
  void remembersFailuresForAMinute() {
    Visitor visitor = visitors.arrived(address(1));
    visitor.failed(S, LIMITS);
    visitors.left(visitor, false, S);

    visitors.maintain(S + Visitor.FORGET_NS);
    assertThat(visitors.count()).isEqualTo(1);
    visitors.maintain(S + Visitor.FORGET_NS + 1);
    assertThat(visitors.count()).isZero();
  }

  @Test
  void remembersWhoComesBackToFailAgain() {
    Visitor first = visitors.arrived(address(1));
    first.failed(S, LIMITS);
    visitors.left(first, false, S);
    Visitor again = visitors.arrived(address(1));
    again.failed(S + Visitor.FORGET_NS, LIMITS);
    visitors.left(again, false, S + Visitor.FORGET_NS);

    visitors.maintain(S + Visitor.FORGET_NS + 1);
    assertThat(visitors.arrived(address(1))).isSameAs(first);
    assertThat(first.snapshot(S + Visitor.FORGET_NS, LIMITS).failed()).isEqualTo(2);
  }

  @Test
  void keepsWhoIsThereHoweverLong() {
    Visitor visitor = visitors.arrived(address(1));
    visitor.failed(S, LIMITS);
    visitors.left(visitor, false, S);
    Visitor again = visitors.arrived(address(1));
    visitors.maintain(S + 10 * Visitor.FORGET_NS);

    assertThat(visitors.count()).isEqualTo(1);
    visitors.left(again, false, S + 10 * Visitor.FORGET_NS);
    assertThat(visitors.count()).isZero();
  }

  /** A whole /8 of addresses, each with a wrong password. */
  @Test
  void doesNotGrowWithTheNumberOfStrangers() {
    for (int i = 0; i < 5 * Visitors.MAX_KEPT; i++) {
      Visitor visitor = visitors.arrived(address(i));
      visitor.failed(S, LIMITS);
      visitors.left(visitor, false, S);
    }
    assertThat(visitors.count()).isLessThanOrEqualTo(Visitors.MAX_KEPT);
  }

  @Test
  void takesANetworkOfIpv6ForOneStranger() throws UnknownHostException {
    visitors.configure(LIMITS);
    Random random = new Random(1);
    byte[] bytes = new byte[16];
    for (int i = 0; i < 1000; i++) {
      random.nextBytes(bytes);
      ByteBuffer.wrap(bytes).putLong(0x2001_0db8_0000_0001L);
      Visitor visitor = visitors.arrived(InetAddress.getByAddress(bytes));
      visitor.failed(S, LIMITS);
      visitors.left(visitor, false, S);
    }
    assertThat(visitors.count()).isEqualTo(1);
    assertThat(visitors.snapshots(S).get(2).failed()).isEqualTo(1000);
    assertThat(visitors.snapshots(S).get(2).state()).isEqualTo("refused");
  }

  @Test
  void countsTheSameFromAllThreads() throws Exception {
    int threads = 4;
    ExecutorService loops = Executors.newFixedThreadPool(threads);
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int seed = thread;
      running.add(
          loops.submit(
              () -> {
                together.await();
                comeAndGo(new Random(seed));
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    loops.shutdown();

    visitors.maintain(S + 2 * Visitor.FORGET_NS);
    assertThat(visitors.count()).isZero();
    assertThat(visitors.snapshots(S).get(1).loggingIn()).isZero();
    assertThat(visitors.snapshots(S).get(1).loggedIn()).isZero();
  }

  private void comeAndGo(Random random) {
    for (int i = 0; i < 20_000; i++) {
      int from = random.nextInt(4);
      Visitor visitor =
          visitors.arrived(from == 0 ? InetAddress.getLoopbackAddress() : address(from));
      boolean passes = random.nextBoolean();
      if (passes) {
        visitor.passed();
      } else {
        visitor.failed(S, LIMITS);
      }
      visitors.left(visitor, passes, S);
    }
  }
}
