package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.admin.Console;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More connections than there may be, none of which makes room for others: the console's. */
class FrontTest {
  private static final int MOST = 1 + Front.SPARE_CONNECTIONS;
  private static final byte[] CONSOLE = Wire.startup("user", "app", "database", "pgbouncer");

  private static RunningProxy proxy(int workers, int maxClients) throws IOException {
    RunningProxy running =
        new RunningProxy(
            "workers = " + workers,
            "max_client_conn = " + maxClients,
            "log_connections = 0",
            "admin_users = app");
    running.onLoop(
        () -> {
          running.proxy().setConsole(made -> Console.open(made.workers(), made.actions()));
          return true;
        });
    return running;
  }

  private static Peer console(RunningProxy proxy) throws IOException {
    Peer client = proxy.connect();
    client.send(CONSOLE);
    client.readTo('Z');
    return client;
  }

  private static void closesWhoeverComesBeyond(int workers) throws IOException {
    try (RunningProxy proxy = proxy(workers, 1)) {
      List<Peer> there = new ArrayList<>();
      for (int i = 0; i < MOST; i++) {
        there.add(console(proxy));
      }
      // On every loop: they are given new connections in turn.
      for (int i = 0; i < 2 * workers; i++) {
        Peer beyond = proxy.connect();
        there.add(beyond);
        beyond.send(CONSOLE);
        assertThat(Peer.types(beyond.readToEnd())).isIn("", "E");
      }
      assertThat(total(proxy)).isEqualTo(MOST);

      leave(there.remove(0), proxy, MOST - 1);
      there.add(console(proxy));
      for (Peer each : there) {
        each.close();
      }
    }
  }

  private static int total(RunningProxy proxy) {
    return proxy.onLoop(() -> proxy.proxy().clients().total());
  }

  private static void leave(Peer client, RunningProxy proxy, int others) throws IOException {
    client.close();
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (total(proxy) > others && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  @Test
  void closesWhoeverComesBeyondTheSpareConnections() throws IOException {
    closesWhoeverComesBeyond(1);
  }

  @Test
  void countsTheConnectionsOfAllLoops() throws IOException {
    closesWhoeverComesBeyond(3);
  }

  @Test
  void letsEverybodyInWhereThereIsNoLimit() throws IOException {
    try (RunningProxy proxy = proxy(1, Integer.MAX_VALUE);
        Peer client = console(proxy)) {
      assertThat(client.socket().isConnected()).isTrue();
      assertThat(total(proxy)).isEqualTo(1);
    }
  }
}
