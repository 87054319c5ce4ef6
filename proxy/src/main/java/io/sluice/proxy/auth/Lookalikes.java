package io.sluice.proxy.auth;

import io.sluice.proxy.catalog.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

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

  /** The kinds of secrets, each with the number of users whose kind is that or a lesser one. */
  private volatile NavigableMap<Integer, Integer> kinds = new TreeMap<>();

  private volatile boolean listed;

  Lookalikes() {
    new SecureRandom().nextBytes(random);
  }

  /** Takes the secrets of the user list. */
  void configure(Collection<Credentials> secrets) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (Credentials secret : secrets) {
      if (!secret.isEmpty()) {
        counts.merge(kind(secret), 1, Integer::sum);
      }
    }
    if (!counts.isEmpty() || listed) {
      kinds = cumulated(counts);
    }
    listed = !counts.isEmpty();
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

  /** Takes a secret that was looked up: where no list says what users are, the first one does. */
  void found(Credentials secret) {
    if (kinds.isEmpty() && !secret.isEmpty()) {
      TreeMap<Integer, Integer> first = new TreeMap<>();
      first.put(kind(secret), 1);
      kinds = first;
    }
  }

  /** The kind of a secret: iterations of a SCRAM secret, or {@link #NO_SCRAM}. */
  private static int kind(Credentials secret) {
    return secret.scram() == null ? NO_SCRAM : secret.scram().iterations();
  }

  /** The kind of secret that a name would have, if it existed. */
  int kindOf(String name) {
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
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(random);
      return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8))).getInt();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
