package io.sluice.proxy.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelKeysTest {
  private static final ProtocolVersion OLD = ProtocolVersion.V3_0;
  private static final ProtocolVersion NEW = ProtocolVersion.V3_2;

  private final CancelKeys<String> keys = new CancelKeys<>();

  private static byte[] bytes(CancelKey key) {
    byte[] secret = key.secret();
    return ByteBuffer.allocate(Integer.BYTES + secret.length)
        .putInt(key.processId())
        .put(secret)
        .array();
  }

  private static CancelKey key(byte[] bytes) {
    byte[] secret = new byte[bytes.length - Integer.BYTES];
    int processId = ByteBuffer.wrap(bytes).getInt();
    ByteBuffer.wrap(bytes, Integer.BYTES, secret.length).get(secret);
    return new CancelKey(processId, secret);
  }

  private static CancelKey flipped(CancelKey key, int bit) {
    byte[] bytes = bytes(key);
    bytes[bit / 8] ^= (byte) (0x80 >> bit % 8);
    return key(bytes);
  }

  @Test
  void findTheirClientAndNobodyElse() {
    CancelKey alice = keys.give("alice", 0, OLD);
    CancelKey bob = keys.give("bob", 7, NEW);
    assertThat(keys.find(alice)).isEqualTo("alice");
    assertThat(keys.find(bob)).isEqualTo("bob");
    keys.forget(alice);
    assertThat(keys.find(alice)).isNull();
  }

  @Test
  void areAsLongAsTheProtocolAllows() {
    assertThat(bytes(keys.give("a", 1, OLD))).hasSize(8);
    assertThat(bytes(keys.give("b", 1, NEW))).hasSize(36);
    assertThat(bytes(keys.giveOwn("c", 4711, OLD))).hasSize(8);
    assertThat(bytes(keys.giveOwn("d", 4711, NEW))).hasSize(36);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0x0102, 16383, 65535})
  void carryThePeersIdWherePgBouncerHasIt(int id) {
    for (int i = 0; i < 100; i++) {
      CancelKey key = keys.give("a", id, i % 2 == 0 ? OLD : NEW);
      byte[] bytes = bytes(key);
      assertThat(bytes[1]).isEqualTo((byte) id);
      assertThat(bytes[2]).isEqualTo((byte) (id >> 8));
      assertThat(bytes[7] & 3).isEqualTo(3);
      assertThat(bytes[0]).isPositive();
      assertThat(CancelKeys.peerOf(key)).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void refuseEveryChangeButThatOfTheHops(int peerId) {
    for (ProtocolVersion version : new ProtocolVersion[] {OLD, NEW}) {
      CancelKey key = keys.give("a", peerId, version);
      for (int bit = 0; bit < bytes(key).length * 8; bit++) {
        String expected = bit == 62 || bit == 63 ? "a" : null;
        assertThat(keys.find(flipped(key, bit))).describedAs("bit %d", bit).isEqualTo(expected);
      }
    }
  }

  @Test
  void refuseKeysOfAnotherLengthAndOfAnotherProcess() {
    CancelKey key = keys.give("a", 0, NEW);
    assertThat(keys.find(new CancelKey(key.processId(), java.util.Arrays.copyOf(key.secret(), 4))))
        .isNull();
    assertThat(new CancelKeys<String>().find(key)).isNull();
  }

  @Test
  void arePassedOnThreeTimes() {
    CancelKey key = keys.give("a", 9, NEW);
    CancelKey on = key;
    for (int hop = 0; hop < 3; hop++) {
      on = requireNonNull(CancelKeys.passedOn(on));
      assertThat(on).isNotEqualTo(key);
      assertThat(keys.find(on)).isEqualTo("a");
      assertThat(CancelKeys.peerOf(on)).isEqualTo(9);
    }
    assertThat(CancelKeys.passedOn(on)).isNull();
  }

  @Test
  void mayHaveTheProcessIdOfAServer() {
    CancelKey key = keys.giveOwn("a", 4_194_303, OLD);
    assertThat(key.processId()).isEqualTo(4_194_303);
    assertThat(keys.find(key)).isEqualTo("a");
    for (int bit = 32; bit < 64; bit++) {
      assertThat(keys.find(flipped(key, bit))).describedAs("bit %d", bit).isNull();
    }
  }

  @Test
  void areNeverTheSame() {
    Set<CancelKey> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(keys.give("a", 3, OLD))).isTrue();
    }
  }
}
