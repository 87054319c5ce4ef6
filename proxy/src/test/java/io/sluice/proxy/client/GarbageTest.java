package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers, clients and servers may send without harm to anybody but themselves. */
class GarbageTest {
  private static byte[] random(int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[1 + random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Sends garbage and leaves; whether it is answered or not, the proxy must get over it. */
  private static void sendAndLeave(Peer peer, byte[] garbage) throws IOException {
    try (peer) {
      peer.send(garbage);
      peer.socket().shutdownOutput();
      peer.awaitEnd();
    } catch (SocketException reset) {
      // The proxy was faster.
      return;
    }
  }

  private static void serves(RunningProxy proxy, Peer server) throws IOException {
    try (Peer client = proxy.login()) {
      client.send(Wire.query("select 1"));
      server.readTo('Q');
      server.send(Wire.complete("SELECT 1"), Wire.ready('I'));
      assertThat(client.typesTo('Z')).isEqualTo("CZ");
    }
  }

  private static void isAlone(RunningProxy proxy) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (proxy.<Integer>onLoop(() -> proxy.proxy().clients().count()) > 0
        && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(proxy.<Integer>onLoop(() -> proxy.proxy().clients().count())).isZero();
  }

  @Test
  void survivesRandomBytesBeforeTheLogin() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      for (int seed = 0; seed < 100; seed++) {
        sendAndLeave(proxy.connect(), random(seed));
      }
      serves(proxy, pair.server());
      pair.client().close();
      isAlone(proxy);
      pair.server().close();
    }
  }

  @Test
  void survivesRandomBytesAfterTheLogin() throws IOException {
    try (RunningProxy proxy = new RunningProxy("default_pool_size = 0")) {
      Pair pair = proxy.loginFirst();
      for (int seed = 0; seed < 100; seed++) {
        sendAndLeave(proxy.login(), random(seed));
      }
      for (int seed = 0; seed < 100; seed++) {
        byte[] bytes = random(seed);
        byte type = (byte) "QPBDECHFdcfSXp".charAt(seed % 14);
        byte[] message = Wire.message((char) type, bytes);
        if (seed % 14 >= 7) {
          sendAndLeave(proxy.login(), message);
        }
      }
      pair.client().close();
      isAlone(proxy);
      pair.server().close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, -1, Integer.MIN_VALUE})
  void namesAHeaderThatCannotBeOne(int length) throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.header('Q', length));
      List<Peer.Message> end = pair.client().readToEnd();
      assertThat(end).hasSize(1);
      assertThat(end.get(0).text())
          .contains("SFATAL\0", "C08P01\0", String.format("bad packet header: '51%08x'", length));
      serves(proxy, pair.server());
      pair.server().close();
    }
  }

  @Test
  void keepsNoMemoryForALengthThatIsOnlyClaimed() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.client().send(Wire.header('P', Integer.MAX_VALUE), Wire.cstr("name"));
      List<Peer.Message> end = pair.client().readToEnd();
      assertThat(end.get(0).text()).contains("broken Parse packet");
      serves(proxy, pair.server());
      pair.server().close();
    }
  }

  @Test
  void takesALoginAndAQueryByteByByte() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      try (Peer client = proxy.connect()) {
        byte[] all =
            Wire.join(
                Wire.startup("user", "app", "database", "db"),
                Wire.parse("s", "select"),
                Wire.bind("s"),
                Wire.execute(),
                Wire.sync());
        for (byte one : all) {
          client.send(new byte[] {one});
        }
        assertThat(pair.server().typesTo('S')).isEqualTo("PBES");
        byte[] answer =
            Wire.join(
                Wire.message('1'),
                Wire.message('2'),
                Wire.parameter("TimeZone", "UTC"),
                Wire.complete("SELECT 0"),
                Wire.ready('I'));
        for (byte one : answer) {
          pair.server().send(new byte[] {one});
        }
        client.readTo('Z');
        assertThat(client.typesTo('Z')).isEqualTo("12SCZ");
      }
      pair.client().close();
      pair.server().close();
    }
  }

  @Test
  void refusesBytesBehindAnSslRequest() throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.connect()) {
      byte[] request = ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();
      client.send(request, new byte[] {1});
      assertThat(client.readToEnd().toString())
          .contains("FATAL", "received unencrypted data after SSL request");
    }
  }

  @Test
  void endsALoginWithAMessageThatIsNoPassword() throws IOException {
    try (RunningProxy proxy = new RunningProxy("auth_type = plain");
        Peer client = proxy.start()) {
      assertThat(client.read().type()).isEqualTo('R');
      client.send(Wire.query("select 1"));
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void boundsAPassword() throws IOException {
    try (RunningProxy proxy = new RunningProxy("auth_type = plain");
        Peer client = proxy.start()) {
      client.read();
      client.send(Wire.header('p', 70_000));
      assertThat(client.readToEnd().toString()).contains("FATAL", "bad packet");
    }
  }

  @Test
  void survivesRandomServers() throws IOException {
    try (RunningProxy proxy = new RunningProxy("server_login_retry = 0")) {
      Pair pair = proxy.loginFirst();
      for (int seed = 0; seed < 30; seed++) {
        Peer client = pair.client();
        client.send(Wire.query("select 1"));
        pair.server().read();
        byte[] bytes = random(seed);
        pair.server().send(seed % 2 == 0 ? bytes : Wire.message((char) bytes[0], bytes));
        pair.server().close();
        client.awaitEnd();
        client.close();
        pair = proxy.loginAgain();
      }
      serves(proxy, pair.server());
      pair.client().close();
      isAlone(proxy);
      pair.server().close();
    }
  }

  @Test
  void survivesRandomLoginsOfServers() throws IOException {
    try (RunningProxy proxy = new RunningProxy("server_login_retry = 0");
        Peer client = proxy.start()) {
      for (int seed = 0; seed < 10; seed++) {
        try (Peer server = proxy.postgres().accept()) {
          server.readPacket();
          sendAndLeave(server, random(seed));
        }
      }
      try (Peer server = proxy.postgres().accept()) {
        server.readPacket();
        server.send(FakePostgres.welcome());
        client.readTo('Z');
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Z", "T", "D", "C"})
  void dropsAFreeServerThatSpeaksUnasked(String type) throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.server().send(Wire.message(type.charAt(0), new byte[] {'I'}));
      pair.server().awaitEnd();
      pair.client().send(Wire.query("select 1"));
      Peer next = proxy.postgres().login();
      assertThat(next.read().type()).isEqualTo('Q');
      pair.client().close();
      next.close();
    }
  }

  @Test
  void keepsAFreeServerThatReportsAParameter() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      pair.server().send(Wire.notice("hello"), Wire.parameter("work_mem", "1MB"));
      serves(proxy, pair.server());
      pair.client().close();
      pair.server().close();
    }
  }
}
