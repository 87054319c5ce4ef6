package io.sluice.proxy.client;

import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.ThreadDigest;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which clients name themselves in cancel requests. Confined to the event loop.
 *
 * <pre>
 *   byte  0        1, 2                 3 … 5       5 … 7         7 (two bits)   8 … 35
 *         1…127    peer_id, low first   random      check         3, or less     random
 *         random   (random if 0)                    21 bits       on its way     (protocol 3.2)
 * </pre>
 *
 * <p>The places of the peer's id and of the count of hops are PgBouncer's, so that both kinds of
 * pooler can be peers. The check is computed with a secret of this process: a key that was made up,
 * or given by a process before, is refused without a search. A client with a server of its own is
 * told PostgreSQL's process id instead, which is below 2^24.
 *
 * @param <T> who is given keys
 */
final class CancelKeys<T> {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;
  private static final int LONG_SECRET_BYTES = 32;
  private static final int PID_BITS = 24;
  private static final int PEER_SHIFT = 40;
  private static final long PEER_MASK = 0xFFFFL << PEER_SHIFT;
  private static final long HOPS_MASK = 3;
  private static final long CHECK_MASK = (1L << 23) - 1 - HOPS_MASK;

  private final Map<CancelKey, T> byKey = new HashMap<>();
  private final byte[] covered = new byte[SECRET_BYTES + Long.BYTES];

  CancelKeys() {
    RANDOM.nextBytes(covered);
  }

  // ---- giving

  /**
   * Gives a client a key that no other has.
   *
   * @param peerId the id of this process among its peers, or 0
   * @param version decides on the length
   */
  CancelKey give(T client, int peerId, ProtocolVersion version) {
    CancelKey key = make(peerId, version);
    byKey.put(key, client);
    return key;
  }

  private CancelKey make(int peerId, ProtocolVersion version) {
    CancelKey key;
    do {
      long start = randomLong() & Long.MAX_VALUE & ~CHECK_MASK;
      if (peerId > 0) {
        start = (start & ~PEER_MASK) | (long) swapped(peerId) << PEER_SHIFT;
      }
      start |= check(start) | HOPS_MASK;
      key = key(start, secret(version, (int) start));
    } while (isPid(key) || byKey.containsKey(key));
    return key;
  }

  /**
   * Gives a client a key with the process id of its own server. It does not name this process: its
   * peers do not know whose it is.
   */
  CancelKey giveOwn(T client, int processId, ProtocolVersion version) {
    CancelKey key;
    do {
      key = new CancelKey(processId, secret(version, RANDOM.nextInt()));
    } while (byKey.containsKey(key));
    byKey.put(key, client);
    return key;
  }

  private static CancelKey key(long start, byte[] secret) {
    return new CancelKey((int) (start >>> Integer.SIZE), secret);
  }

  /** In one piece: {@code nextLong()} takes two from the generator, each at the same cost. */
  private static long randomLong() {
    byte[] bytes = new byte[Long.BYTES];
    RANDOM.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).getLong();
  }

  private static byte[] secret(ProtocolVersion version, int start) {
    boolean isLong = version.minor() >= ProtocolVersion.V3_2.minor();
    byte[] secret = new byte[isLong ? LONG_SECRET_BYTES : CancelKey.MIN_SECRET_BYTES];
    if (isLong) {
      RANDOM.nextBytes(secret);
    }
    ByteBuffer.wrap(secret).putInt(start);
    return secret;
  }

  void forget(CancelKey key) {
    byKey.remove(key);
  }

  // ---- taking

  /** The client with a key, or null. */
  @Nullable T find(CancelKey key) {
    if (isPid(key)) {
      return byKey.get(key);
    }
    long start = start(key);
    boolean genuine = ((start ^ check(start)) & CHECK_MASK) == 0;
    return genuine ? byKey.get(withHops(key, HOPS_MASK)) : null;
  }

  /** The id of the peer that a key names, if its giver has peers. */
  static int peerOf(CancelKey key) {
    return swapped((int) (start(key) >>> PEER_SHIFT) & 0xFFFF);
  }

  /** A key as the next peer is to get it; null when it has been passed on often enough. */
  static @Nullable CancelKey passedOn(CancelKey key) {
    long hops = start(key) & HOPS_MASK;
    return hops == 0 ? null : withHops(key, hops - 1);
  }

  private static CancelKey withHops(CancelKey key, long hops) {
    byte[] secret = key.secret();
    secret[Integer.BYTES - 1] = (byte) ((secret[Integer.BYTES - 1] & ~HOPS_MASK) | hops);
    return new CancelKey(key.processId(), secret);
  }

  private static boolean isPid(CancelKey key) {
    return key.processId() >>> PID_BITS == 0;
  }

  private static long start(CancelKey key) {
    return (long) key.processId() << Integer.SIZE
        | Integer.toUnsignedLong(ByteBuffer.wrap(key.secret()).getInt());
  }

  /**
   * 21 bits of a digest of the secret and the rest of the start. Both have one length, so nothing
   * can be appended, and no HMAC is needed, which takes Java 50 ms to get ready.
   */
  private long check(long start) {
    ByteBuffer.wrap(covered).putLong(SECRET_BYTES, start & ~(CHECK_MASK | HOPS_MASK));
    return ByteBuffer.wrap(ThreadDigest.SHA_256.of(covered)).getLong() & CHECK_MASK;
  }

  private static int swapped(int id) {
    return (id & 0xFF) << 8 | id >>> 8;
  }
}
