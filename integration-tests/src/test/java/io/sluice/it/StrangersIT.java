package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.startup;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes that no PostgreSQL client sends: they end their own connection and nothing else. */
@ExtendWith(PostgresExtension.class)
class StrangersIT {
  private TestDatabase database;
  private SluiceProcess sluice;
  private WireClient witness;

  @BeforeEach
  void start(EmbeddedPostgres postgres) throws Exception {
    database = TestDatabase.create(postgres);
    sluice =
        SluiceProcess.start(
            SluiceConfig.before(postgres)
                .set("pool_mode", "transaction")
                .set("max_client_conn", 1000)
                .set("default_pool_size", 2)
                .set("client_login_timeout", 5));
    witness = login();
    witness.query("SELECT 1");
  }

  @AfterEach
  void othersDidNotNotice() throws Exception {
    try (SluiceProcess running = sluice;
        WireClient other = witness;
        PoolCounts pools = PoolCounts.of(running, database.name())) {
      assertThat(other.query("SELECT 7").number()).isEqualTo(7);
      pools.await("cl_active", 1);
      pools.await("sv_active", 0);
      assertThat(database.connections("state = 'idle in transaction'")).isZero();
    }
  }

  @Test
  void garbageAsTheFirstPacketEndsTheConnection() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      byte[] garbage = new byte[1 + random.nextInt(300)];
      random.nextBytes(garbage);
      assertEnds("seed " + seed, garbage);
    }
  }

  @Test
  void impossibleLengthsOfTheFirstPacketEndTheConnection() throws Exception {
    for (int length : new int[] {0, 3, 4, 7, 65_536, 1 << 24, Integer.MAX_VALUE, -1}) {
      assertEnds("length " + length, ByteBuffer.allocate(8).putInt(length).putInt(3 << 16).array());
    }
  }

  @Test
  void aTruncatedStartupPacketEndsWithTheConnection() throws Exception {
    WireLogin login = WireLogin.of("postgres", database.name());
    byte[] packet = startup(login.protocol(), login.parameters());
    for (int length = 1; length < packet.length; length++) {
      assertEnds("length " + length, Arrays.copyOf(packet, length));
    }
  }

  @Test
  void aTruncatedStartupPacketIsNotWaitedForLongerThanClientLoginTimeout() throws Exception {
    WireLogin login = WireLogin.of("postgres", database.name());
    byte[] packet = startup(login.protocol(), login.parameters());
    List<WireClient> slow = new ArrayList<>();
    for (int length = 1; length < packet.length; length++) {
      WireClient client = WireClient.connect(sluice.tcp());
      client.send(Arrays.copyOf(packet, length));
      slow.add(client);
    }

    for (WireClient client : slow) {
      assertThat(textOf(client.expectClosed())).isEqualTo("client_login_timeout");
      client.close();
    }
  }

  @Test
  void impossibleLengthsOfAMessageEndTheConnection() throws Exception {
    for (int length : new int[] {0, 3, -1}) {
      try (WireClient client = login()) {
        client.send(ByteBuffer.allocate(9).put((byte) 'Q').putInt(length).putInt(0).array());

        assertThat(textOf(client.expectClosed()))
            .describedAs("length %d", length)
            .startsWith("bad packet header: '51");
      }
    }
  }

  /** The longest message that max_packet_size allows by default: it is PostgreSQL's to refuse. */
  @Test
  void aMessageOf2GigabytesIsRefusedByPostgres() throws Exception {
    try (WireClient client = login()) {
      client.send(
          ByteBuffer.allocate(9).put((byte) 'Q').putInt(Integer.MAX_VALUE).putInt(0).array());

      assertThat(textOf(client.expectClosed())).isEqualTo("server conn crashed?");
    }
  }

  @Test
  void garbageAfterLoginEndsTheConnection() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      byte[] garbage = new byte[1 + random.nextInt(300)];
      random.nextBytes(garbage);
      // A type that no client message has, so that the rest cannot happen to be a valid message.
      garbage[0] = (byte) (0x80 | garbage[0]);
      try (WireClient client = login()) {
        client.send(garbage);
        client.shutdownOutput();
        client.expectClosed();
      } catch (IOException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void messagesOfUnknownTypeEndTheConnection() throws Exception {
    for (char type : "RZTpz!".toCharArray()) {
      try (WireClient client = login()) {
        client.send(new byte[] {(byte) type, 0, 0, 0, 5, 0});

        assertThat(textOf(client.expectClosed())).isEqualTo("unknown pkt");
      }
    }
  }

  @Test
  void aMessageThatComesByteByByteIsAMessage() throws Exception {
    try (WireClient client = login()) {
      for (byte each : query("SELECT 'slow'")) {
        client.send(new byte[] {each});
      }

      assertThat(client.readResult().value()).isEqualTo("slow");
    }
  }

  private void assertEnds(String what, byte[] packet) throws IOException {
    try (WireClient client = WireClient.connect(sluice.tcp())) {
      client.send(packet);
      client.shutdownOutput();
      client.expectClosed();
    } catch (IOException e) {
      throw new AssertionError(what, e);
    }
  }

  private static String textOf(List<WireMessage> messages) {
    assertThat(messages).isNotEmpty();
    WireMessage last = messages.get(messages.size() - 1);
    assertThat(last.type()).isEqualTo('E');
    assertThat(last.fields()).containsEntry('S', "FATAL").containsEntry('C', "08P01");
    return String.valueOf(last.fields().get('M'));
  }

  private WireClient login() throws IOException {
    return sluice.login("postgres", database.name());
  }
}
