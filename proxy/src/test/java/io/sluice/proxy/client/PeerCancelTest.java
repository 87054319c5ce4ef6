package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.LogLines;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TurnProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strangers with cancel requests whose keys they have made up, for a peer that does not answer. */
class PeerCancelTest {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
  private static final int CANCEL_REQUEST = 80_877_102;

  /** Names peer 2. */
  private static final int PROCESS_ID = 0x11_02_00_22;

  private static final int SECRET = 0x01_02_03_03;

  private ServerSocket peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private RunningProxy proxy(String... settings) throws IOException {
    return new RunningProxy(
        String.join("\n", settings),
        "peer_id = 1",
        "log_disconnections = 0",
        "[peers]",
        "2 = host=127.0.0.1 server_tls_sslmode=disable pool_size=1 port=" + peer.getLocalPort());
  }

  private static Peer cancel(RunningProxy proxy) throws IOException {
    Peer stranger = proxy.connect();
    ByteBuffer request = ByteBuffer.allocate(16).putInt(16).putInt(CANCEL_REQUEST);
    stranger.send(request.putInt(PROCESS_ID).putInt(SECRET).array());
    return stranger;
  }

  private static int waiting(RunningProxy proxy) {
    return proxy.onLoop(() -> proxy.proxy().clients().count(ClientState.WAITING_CANCEL));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static List<Peer> cancels(RunningProxy proxy, int count) throws IOException {
    List<Peer> strangers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strangers.add(cancel(proxy));
    }
    await(count + " wait", () -> waiting(proxy) == count);
    return strangers;
  }

  private static void closeAll(List<Peer> strangers) throws IOException {
    for (Peer stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void manyThatEndAtOnceKeepTheLoopFromNobody() throws IOException {
    try (RunningProxy proxy = proxy("max_client_conn = 2000")) {
      var pools = proxy.proxy().pools();
      TurnProbe.assertHoldsNobody(
          pools.loop(),
          "1,001 cancel requests",
          () -> {
            List<Peer> strangers = cancels(proxy, 1001);
            long later = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
            proxy.onLoop(
                () -> {
                  pools.peers().maintain(later);
                  return true;
                });
            await("all are gone", () -> waiting(proxy) == 0);
            closeAll(strangers);
          });
    }
  }

  @Test
  void moreThanAThousandAreTurnedAway() throws IOException {
    try (RunningProxy proxy = proxy("max_client_conn = 2000")) {
      List<Peer> strangers = cancels(proxy, 1001);

      try (Peer oneMore = cancel(proxy)) {
        assertThat(oneMore.readToEnd()).isEmpty();
      }

      assertThat(waiting(proxy)).isEqualTo(1001);
      closeAll(strangers);
    }
  }

  @Test
  void aPeerThatIsDownBringsFewLines() throws IOException {
    peer.close();
    int requests = 200;
    try (RunningProxy proxy = proxy();
        LogLines log = LogLines.open("peer-2@")) {
      for (int i = 0; i < requests; i++) {
        try (Peer stranger = cancel(proxy)) {
          assertThat(stranger.readToEnd()).isEmpty();
        }
      }
      assertThat(log.lines()).hasSizeBetween(1, requests / 2);
    }
  }

  @Test
  void theLimitOfLoginsHoldsWhereCancelWaitTimeoutDoesNot() throws IOException {
    try (RunningProxy proxy = proxy("cancel_wait_timeout = 0", "client_login_timeout = 0.1");
        Peer sent = cancel(proxy);
        Peer waiting = cancel(proxy)) {
      assertThat(sent.readToEnd()).isEmpty();
      assertThat(waiting.readToEnd()).isEmpty();
    }
  }

  @Test
  void theyMakeRoomForClients() throws IOException {
    try (RunningProxy proxy = proxy("cancel_wait_timeout = 0", "max_client_conn = 1");
        Peer stranger = cancel(proxy)) {
      await("one waits", () -> waiting(proxy) == 1);

      await("room", () -> waiting(proxy) == 0 || knock(proxy));

      assertThat(stranger.readToEnd()).isEmpty();
    }
  }

  /** Comes and goes; never the end of the wait. */
  private static boolean knock(RunningProxy proxy) {
    try (Peer client = proxy.start()) {
      assertThat(client.socket().isConnected()).isTrue();
      return false;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }
}
