package io.sluice.proxy.auth;

import io.sluice.protocol.ThreadDigest;
import io.sluice.proxy.catalog.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What names that do not exist are asked for: what users are. Each such name is like one of them,
 * always the same one, so that neither what is asked nor how much work it is tells who exists.
 * Thread-safe.
 */
final class Lookalikes {
  /** The secret is a password or an md5 secret. */
  static final int NO_SCRAM = 0;

  private static final int RANDOM_BYTES = 32;

  private final byte[] random = new byte[RANDOM_BYTES];

  /** The kinds in the list, each with the number of users whose kind is that or a lesser one. */
  private volatile NavigableMap<Integer, Integer> kinds = new TreeMap<>();

  private volatile Set<String> listed = Set.of();

  /** The kind of the first secret that was looked up. */
  private volatile @Nullable Integer lookedUp;

  Lookalikes() {
    new SecureRandom().nextBytes(random);
  }

  /** Takes the user list: the secret of each name. */
  void configure(Map<String, Credentials> secrets) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (Credentials secret : secrets.values()) {
      if (!secret.isEmpty()) {
        int kind = kind(secret);
        counts.put(kind, counts.getOrDefault(kind, 0) + 1);
      }
    }
    kinds = cumulated(counts);
    listed = Set.copyOf(secrets.keySet());
  }

  private static NavigableMap<Integer, Integer> cumulated(NavigableMap<Integer, Integer> counts) {
    TreeMap<Integer, Integer> sums = new TreeMap<>();
    int sum = 0;
    for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
      sum += count.getValue();
      sums.put(count.getKey(), sum);
    }
    return sums;
  }

  /**
   * Takes the secret of a user who logs in. Where users are looked up, the first one that is found
   * says what users are: a list then holds a few exceptions, such as administrators.
   */
  void found(String user, Credentials secret) {
    if (lookedUp == null && !secret.isEmpty() && !listed.contains(user)) {
      lookedUp = kind(secret);
    }
  }

  /** The kind of a secret: iterations of a SCRAM secret, or {@link #NO_SCRAM}. */
  private static int kind(Credentials secret) {
    return secret.scram() == null ? NO_SCRAM : secret.scram().iterations();
  }

  /** The kind of secret that a name would have, if it existed. */
  int kindOf(String name) {
    Integer first = lookedUp;
    if (first != null) {
      return first;
    }
    NavigableMap<Integer, Integer> known = kinds;
    if (known.isEmpty()) {
      return NO_SCRAM;
    }
    int place = Math.floorMod(hash(name), known.lastEntry().getValue());
    for (Map.Entry<Integer, Integer> kind : known.entrySet()) {
      if (place < kind.getValue()) {
        return kind.getKey();
      }
    }
    return NO_SCRAM;
  }

  private int hash(String name) {
    return ByteBuffer.wrap(ThreadDigest.SHA_256.of(random, name.getBytes(StandardCharsets.UTF_8)))
        .getInt();
  }
}
