package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.net.MemoryBudget;
import io.sluice.proxy.net.MemoryBudget.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** memory_limit, with clients that send more than can be passed on. */
class MemoryLimitTest {
  private static final int LIMIT_BYTES = 2 << 20;
  private static final int CLIENTS = 32;
  private static final int QUERY_BYTES = 100_000;

  private final List<Peer> clients = new ArrayList<>();
  private RunningProxy proxy;
  private Peer holder;
  private Peer server;

  @BeforeEach
  void start() throws IOException {
    proxy = new RunningProxy("memory_limit = " + LIMIT_BYTES);
    Pair pair = proxy.loginFirst();
    holder = pair.client();
    server = pair.server();
  }

  @AfterEach
  void stop() throws IOException {
    holder.close();
    server.close();
    for (Peer client : clients) {
      client.close();
    }
    proxy.close();
  }

  private MemoryBudget budget() {
    return proxy.proxy().pools().loop().memory();
  }

  private MemoryPressure pressure() {
    return proxy.proxy().clients().memory();
  }

  private Level level() {
    return proxy.onLoop(() -> budget().level());
  }

  private static void await(String what, BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting: " + what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private int paused() {
    return proxy.proxy().clients().select(c -> c.connection().isPaused()).size();
  }

  private void awaitNobodyIsHeld() {
    await(
        "memory is plenty, and everybody knows",
        () -> proxy.onLoop(() -> budget().level() == Level.PLENTY && paused() == 0));
  }

  private static Thread sending(Peer peer, byte[] message) {
    Thread sender =
        new Thread(
            () -> {
              try {
                peer.send(message);
              } catch (IOException ended) {
                // It was to be ended, or what it sent is missed elsewhere.
              }
            });
    sender.setDaemon(true);
    sender.start();
    return sender;
  }

  /** Holds the only server, and has everybody else send a query meanwhile. */
  private void crowd() throws IOException {
    holder.send(Wire.query("begin"));
    server.read();
    server.send(Wire.complete("BEGIN"), Wire.ready('T'));
    holder.readTo('Z');
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(proxy.login());
    }
    for (Peer client : clients) {
      sending(client, Wire.query("x".repeat(QUERY_BYTES)));
    }
    await("memory is tight", () -> level() != Level.PLENTY);
  }

  @Test
  void readsNoMoreThanTheLimitWhileNoServerIsFree() throws IOException {
    crowd();
    Peer late = proxy.start();
    assertThat(late.readToEnd().toString())
        .contains("FATAL", "53200", "buffers hold", "of 2048 kB (memory_limit)");
    late.close();
    // What is known to be stopped stays so, however long it lasts.
    for (int i = 0; i < 100; i++) {
      proxy.onLoop(
          () -> {
            budget().measure();
            return null;
          });
    }
    assertThat(proxy.onLoop(() -> budget().usedBytes()))
        .isBetween(LIMIT_BYTES / 8L * 7, LIMIT_BYTES / 8L * 9);
  }

  @Test
  void servesThoseWhoWaitedWhenAServerIsFree() throws IOException {
    crowd();
    holder.send(Wire.query("commit"));
    server.read();
    server.send(Wire.complete("COMMIT"), Wire.ready('I'));
    holder.readTo('Z');
    for (int i = 0; i < CLIENTS; i++) {
      assertThat(server.read().text()).hasSize(QUERY_BYTES + 1);
      server.send(Wire.complete("SELECT 0"), Wire.ready('I'));
    }
    for (Peer client : clients) {
      assertThat(client.typesTo('Z')).endsWith("CZ");
    }
    awaitNobodyIsHeld();
    clients.add(proxy.login());
  }

  /** Makes memory tight within one turn of the loop, so that no maintenance comes between. */
  private <T> T whileTight(Supplier<T> question) {
    MemoryBudget.keep(LIMIT_BYTES);
    try {
      budget().measure();
      return question.get();
    } finally {
      MemoryBudget.keep(-LIMIT_BYTES);
    }
  }

  @Test
  void letsALoginInAsSoonAsMemoryIsPlenty() {
    String[] refusals =
        proxy.onLoop(
            () -> {
              String tight = whileTight(pressure()::refusal);
              return new String[] {tight, pressure().refusal()};
            });
    assertThat(refusals[0]).contains("(memory_limit)");
    assertThat(refusals[1]).isNull();
    int held = proxy.onLoop(this::paused);
    assertThat(held).isZero();
  }

  @Test
  void readsEverybodyAgainThoughNobodyLogsIn() {
    int held = proxy.onLoop(() -> whileTight(this::paused));
    assertThat(held).isPositive();
    awaitNobodyIsHeld();
  }

  @Test
  void endsAClientWhoseMessageTakesMoreThanThereIs() throws IOException {
    Peer greedy = proxy.login();
    clients.add(greedy);
    sending(greedy, Wire.parse("named", "x".repeat(3 * LIMIT_BYTES)));
    assertThat(greedy.readToEnd().toString())
        .contains("FATAL", "53200", "no memory for a message of this size", "(memory_limit)");
    awaitNobodyIsHeld();
    clients.add(proxy.login());
  }
}
