package io.sluice.proxy.auth.jwt;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key set as it was last read. It is read again when it is old, and when a token names a key
 * that it does not have; by one login at a time, while others use what there is. A set that cannot
 * be read stays as it was. Waits. Thread-safe.
 */
final class KeySetCache {
  private static final Logger log = LoggerFactory.getLogger(KeySetCache.class);

  /** Files are read this often at most. */
  private static final long FILE_NS = TimeUnit.SECONDS.toNanos(1);

  /** Strangers, too, name keys: others are not asked more often for that, nor after a failure. */
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

  private final KeySetPlace place;
  private final long maxAgeNs;
  private final long retryNs;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable KeySet keys;
  private volatile boolean stale = true;
  private volatile long lastReadNs;
  private volatile boolean tried;
  private @Nullable String failure;

  KeySetCache(KeySetPlace place, long refreshNs) {
    this.place = place;
    this.maxAgeNs = place.isRemote() ? refreshNs : FILE_NS;
    this.retryNs = place.isRemote() ? RETRY_NS : FILE_NS;
  }

  /** Has the next login read the set again. */
  void expire() {
    stale = true;
  }

  /** The keys; null when they never could be read. */
  @Nullable KeySet current() {
    KeySet known = keys;
    long ageNs = System.nanoTime() - lastReadNs;
    boolean old = stale || !tried || ageNs >= (known == null ? retryNs : maxAgeNs);
    if (!old) {
      return known;
    }
    return known == null ? awaitFirst() : refreshed();
  }

  /** The keys as they are now, after a token has named one that was not there. */
  @Nullable KeySet renewed() {
    if (mayRead()) {
      try {
        if (System.nanoTime() - lastReadNs >= retryNs) {
          read();
        }
      } finally {
        reading.unlock();
      }
    }
    return keys;
  }

  private @Nullable KeySet awaitFirst() {
    if (mayRead()) {
      try {
        boolean justTried = tried && System.nanoTime() - lastReadNs < retryNs;
        if (keys == null && (stale || !justTried)) {
          read();
        }
      } finally {
        reading.unlock();
      }
    }
    return keys;
  }

  /** Waits for another login that reads the set, and no longer than that may take. */
  private boolean mayRead() {
    try {
      return reading.tryLock(KeySetFetch.TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable KeySet refreshed() {
    if (reading.tryLock()) {
      try {
        read();
      } finally {
        reading.unlock();
      }
    }
    return keys;
  }

  private void read() {
    stale = false;
    String problem = null;
    try {
      keys = KeySet.parse(place.read());
    } catch (IOException unreadable) {
      problem = unreadable.getMessage() + " (" + unreadable.getClass().getSimpleName() + ")";
    }
    tried = true;
    lastReadNs = System.nanoTime();
    tell(problem);
  }

  /** Once for each reason. */
  private void tell(@Nullable String problem) {
    if (problem != null && !problem.equals(failure)) {
      String kept = keys == null ? "" : ", keeping the old keys";
      log.warn("keys of tokens from {} cannot be used{}: {}", place, kept, problem);
    } else if (problem == null && failure != null) {
      log.info("keys of tokens from {} can be used again", place);
    }
    failure = problem;
  }
}
