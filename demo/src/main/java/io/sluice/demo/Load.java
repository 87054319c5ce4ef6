package io.sluice.demo;

import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Clients that work as fast as they are served, a thread each: four of five transactions look up an
 * account, one moves money in four statements. Thread-safe.
 */
final class Load implements Closeable {
  /** How many accounts there are. */
  static final int ACCOUNTS = 10_000;

  private static final long STACK_BYTES = 256 << 10;
  private static final int UPDATE_ONE_IN = 5;

  private final Pooler pooler;
  private final List<Thread> threads = new ArrayList<>();
  private final LatencyHistogram latency = new LatencyHistogram();
  private final AtomicLong updates = new AtomicLong();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final CountDownLatch connected;
  private final CountDownLatch begin = new CountDownLatch(1);
  private volatile boolean ended;

  /** Prepares clients that connect at once and wait for {@link #begin()}. */
  Load(Pooler pooler, int clientCount) {
    this.pooler = pooler;
    this.connected = new CountDownLatch(clientCount);
    for (int i = 0; i < clientCount; i++) {
      Thread thread = new Thread(null, this::runClient, "client " + i, STACK_BYTES);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /** Connects all clients. */
  void connect() throws IOException, InterruptedException {
    threads.forEach(Thread::start);
    connected.await();
    refuseFailure();
  }

  /** Lets them work. */
  void begin() {
    begin.countDown();
  }

  /** Has every client finish its transaction and disconnect, and waits for that. */
  void end() throws IOException, InterruptedException {
    ended = true;
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    refuseFailure();
  }

  /** Fails if a client has failed. */
  void refuseFailure() throws IOException {
    String text = failure.get();
    if (text != null) {
      throw new IOException("a client failed: " + text + "\n" + pooler.log());
    }
  }

  /** Returns the durations of all transactions. */
  LatencyHistogram latency() {
    return latency;
  }

  /** Returns how many transfers were committed. */
  long updateCount() {
    return updates.get();
  }

  /** Ends the clients where they are. */
  @Override
  public void close() {
    ended = true;
    begin.countDown();
    threads.forEach(Thread::interrupt);
  }

  private void runClient() {
    try (WireClient client = pooler.login(Pooler.NAME)) {
      connected.countDown();
      begin.await();
      while (!ended) {
        long startNs = System.nanoTime();
        transact(client);
        latency.record(System.nanoTime() - startNs);
      }
    } catch (IOException | WireError e) {
      if (!ended) {
        failure.compareAndSet(null, String.valueOf(e.getMessage()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connected.countDown();
    }
  }

  private void transact(WireClient client) throws IOException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int account = random.nextInt(ACCOUNTS);
    if (random.nextInt(UPDATE_ONE_IN) > 0) {
      client.query("SELECT balance FROM account WHERE id = " + account);
      return;
    }
    client.query("BEGIN");
    client.query("UPDATE account SET balance = balance + 1 WHERE id = " + account);
    client.query("SELECT balance FROM account WHERE id = " + account);
    client.query("COMMIT");
    updates.incrementAndGet();
  }
}
