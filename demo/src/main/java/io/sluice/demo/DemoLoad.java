package io.sluice.demo;

import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Clients that each run one short transaction after the other. Thread-safe. */
final class DemoLoad {
  private static final int ROWS = 10_000;
  private static final int STACK_BYTES = 256 * 1024;
  private static final long JOIN_MS = 10_000;

  private final WireAddress address;
  private final int clientCount;
  private final Latencies latencies = new Latencies();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger errors = new AtomicInteger();
  private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
  private final CountDownLatch start = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile long startNs;
  private volatile long endNs;

  DemoLoad(WireAddress address, int clientCount) {
    this.address = address;
    this.clientCount = clientCount;
  }

  /** Runs the load, with a look at it now and then. */
  void run(int seconds, ProgressLine progress) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clientCount; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Thread thread = new Thread(null, () -> serve(random), "client-" + i, STACK_BYTES);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    startNs = System.nanoTime();
    start.countDown();
    long deadline = startNs + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      progress.show();
      TimeUnit.MILLISECONDS.sleep(ProgressLine.PERIOD_MS);
    }
    endNs = System.nanoTime();
    stopped = true;
    progress.end();
    for (Thread thread : threads) {
      thread.join(JOIN_MS);
    }
  }

  private void serve(SplittableRandom random) {
    try (WireClient client =
        WireClient.login(address, WireLogin.of(DemoPooler.USER, DemoPooler.DATABASE))) {
      connected.incrementAndGet();
      start.await();
      while (!stopped) {
        long begun = System.nanoTime();
        client.query(statement(random));
        latencies.add(System.nanoTime() - begun);
      }
    } catch (IOException | RuntimeException failed) {
      errors.incrementAndGet();
      firstError.compareAndSet(null, failed.getMessage());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nine of ten only read. */
  private static String statement(SplittableRandom random) {
    int id = 1 + random.nextInt(ROWS);
    return random.nextInt(10) == 0
        ? "UPDATE account SET balance = balance + 1 WHERE id = " + id
        : "SELECT balance FROM account WHERE id = " + id;
  }

  Latencies latencies() {
    return latencies;
  }

  int connected() {
    return connected.get();
  }

  int errors() {
    return errors.get();
  }

  @Nullable String firstError() {
    return firstError.get();
  }

  /** Transactions a second, since the start or over the whole run. */
  double perSecond() {
    long until = endNs == 0 ? System.nanoTime() : endNs;
    return latencies.count() / Math.max(1e-3, (until - startNs) / 1e9);
  }
}
