package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which version of the protocol is spoken, on either side. */
class ProtocolVersionsTest {
  private static byte[] startup(int minor, String... parameters) {
    byte[] packet = Wire.startup(parameters);
    ByteBuffer.wrap(packet).putInt(4, 3 << 16 | minor);
    return packet;
  }

  private static int asked(Peer server) throws IOException {
    return ByteBuffer.wrap(server.readPacket()).getInt();
  }

  @ParameterizedTest
  @CsvSource({
    "0, '', 8",
    "2, '', 36",
    "3, 00 03 00 02 00 00 00 00, 36",
    "99, 00 03 00 02 00 00 00 00, 36"
  })
  void clientsGetTheVersionThatBothSpeak(int minor, String negotiated, int keyBytes)
      throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.connect()) {
      client.send(startup(minor, "user", "app", "database", "db"));
      try (Peer server = proxy.postgres().login()) {
        List<Peer.Message> welcome = client.readTo('Z');
        assertThat(Peer.types(welcome).startsWith("v")).isEqualTo(!negotiated.isEmpty());
        if (!negotiated.isEmpty()) {
          assertThat(hex(welcome.get(0).text())).isEqualTo(negotiated);
        }
        assertThat(only('K', welcome).text()).hasSize(keyBytes);
        assertThat(server).isNotNull();
      }
    }
  }

  @Test
  void tellsOnceWhichExtensionsItDoesNotKnow() throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.connect()) {
      client.send(startup(2, "user", "app", "database", "db", "_pq_.x", "1", "_pq_.y", "2"));
      try (Peer server = proxy.postgres().login()) {
        List<Peer.Message> welcome = client.readTo('Z');
        assertThat(only('v', welcome).text()).isEqualTo("\0\3\0\2\0\0\0\2_pq_.x\0_pq_.y\0");
        assertThat(server).isNotNull();
      }
    }
  }

  @Test
  void asksServersForTheNewestVersionAndKeepsALongKey() throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.start();
        Peer server = proxy.postgres().accept()) {
      assertThat(asked(server)).isEqualTo(3 << 16 | 2);
      byte[] welcome = FakePostgres.welcome();
      server.send(Wire.message('v', new byte[] {0, 3, 0, 2, 0, 0, 0, 0}));
      server.send(withKey(welcome, 256));
      Peer.Message key = only('K', client.readTo('Z'));
      client.send(Wire.query("select 1"));
      server.read();

      try (Peer canceller = proxy.connect()) {
        canceller.send(cancel(key.text()));
        try (Peer carrier = proxy.postgres().accept()) {
          assertThat(carrier.readPacket()).hasSize(4 + 4 + 256);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0A000", "08P01"})
  void asksAgainForTheOldVersionWhereTheNewOneIsRefused(String sqlState) throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.start();
        Peer server = proxy.postgres().accept()) {
      assertThat(asked(server)).isEqualTo(3 << 16 | 2);
      server.send(Wire.error(sqlState, "unsupported frontend protocol 3.2"));
      try (Peer again = proxy.postgres().accept()) {
        assertThat(asked(again)).isEqualTo(3 << 16);
        again.send(FakePostgres.welcome());
        assertThat(client.typesTo('Z')).endsWith("KZ");
      }
    }
  }

  private static Peer.Message only(char type, List<Peer.Message> messages) {
    List<Peer.Message> found = messages.stream().filter(m -> m.type() == type).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static String hex(String text) {
    StringBuilder hex = new StringBuilder();
    text.chars().forEach(c -> hex.append(hex.isEmpty() ? "" : " ").append("%02x".formatted(c)));
    return hex.toString();
  }

  /** The welcome, with a secret of so many bytes in place of four. */
  private static byte[] withKey(byte[] welcome, int secretBytes) {
    byte[] ready = Wire.ready('I');
    int keyStart = welcome.length - ready.length - 13;
    byte[] head = java.util.Arrays.copyOf(welcome, keyStart);
    return Wire.join(head, Wire.message('K', new byte[4 + secretBytes]), ready);
  }

  private static byte[] cancel(String key) {
    ByteBuffer packet = ByteBuffer.allocate(8 + key.length());
    packet.putInt(packet.capacity()).putInt(80877102);
    packet.put(key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return packet.array();
  }
}
