package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.client.Client;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.net.MemoryBudget;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of the console that send more than they read, or than is dealt with. */
class ConsoleFloodTest {
  /** What the buffers of a connection may take, and the allocator rounds up. */
  private static final long MAX_BYTES = 8 << 20;

  /** A message, and what one turn reads. */
  private static final int MAX_HELD_BYTES = 256 << 10;

  private static final int ROUNDS = 200;

  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = new RunningProxy("admin_users = app");
    proxy.openConsole();
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
  }

  private Peer login() throws IOException {
    Peer client = proxy.connect();
    client.send(Wire.startup("user", "app", "database", "pgbouncer"));
    client.readTo('Z');
    return client;
  }

  private static byte[] times(int number, byte[] message) {
    byte[][] all = new byte[number][];
    Arrays.fill(all, message);
    return Wire.join(all);
  }

  private long used() {
    return proxy.onLoop(
        () -> {
          MemoryBudget memory = proxy.proxy().pools().loop().memory();
          memory.measure();
          return memory.usedBytes();
        });
  }

  private void await(Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!proxy.onLoop(condition)) {
      assertThat(System.nanoTime()).as("nothing has come of it").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** The client on the console. */
  private Client console() {
    return proxy.proxy().clients().select(client -> client.pool() == null).get(0);
  }

  @Test
  void whoDoesNotReadIsNotAnswered() throws IOException {
    long before = used();
    try (Peer client = login()) {
      client.send(times(1500, Wire.query("show config")));
      await(() -> !console().link().isWritable());
      assertThat(used() - before).isLessThan(MAX_BYTES);
      // Whoever reads on gets all of it.
      for (int i = 0; i < 1500; i++) {
        client.readTo('Z');
      }
    }
  }

  @Test
  void whoWaitsForACommandIsNotReadFromForEver() throws Exception {
    Pair inTransaction = proxy.loginFirst();
    inTransaction.client().send(Wire.query("begin"));
    inTransaction.server().readTo('Q');
    inTransaction.server().send(Wire.complete("BEGIN"), Wire.ready('T'));
    inTransaction.client().readTo('Z');
    try (Peer client = login()) {
      client.send(Wire.query("pause"));
      byte[] flood = times(1_000_000, Wire.query(""));
      Thread sender = new Thread(() -> sends(client, flood), "sender");
      sender.start();
      await(() -> console().inbox().heldBytes() > MAX_HELD_BYTES / 4);
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(heldAfterARound()).isLessThan(MAX_HELD_BYTES);
      }
      // The transaction ends, and with it what was waited for; then comes the rest.
      inTransaction.client().send(Wire.query("commit"));
      inTransaction.server().readTo('Q');
      inTransaction.server().send(Wire.complete("COMMIT"), Wire.ready('I'));
      assertThat(client.typesTo('Z')).isEqualTo("CZ");
      assertThat(client.typesTo('Z')).isEqualTo("IZ");
      client.reset();
      sender.join();
    }
    inTransaction.client().close();
    inTransaction.server().close();
  }

  private static void sends(Peer client, byte[] flood) {
    try {
      client.send(flood);
    } catch (SocketException closed) {
      // The test is over.
      return;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private int heldAfterARound() {
    CompletableFuture<Integer> held = new CompletableFuture<>();
    proxy
        .proxy()
        .pools()
        .loop()
        .executeNextRound(() -> held.complete(console().inbox().heldBytes()));
    return held.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
