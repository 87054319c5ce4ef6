package io.sluice.proxy.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What auth_query said a while ago ({@code auth_query_cache_ttl}). Confined to its event loop.
 *
 * <p>Users who exist and names that do not are kept apart, each bounded: strangers who make names
 * up cannot push out the users.
 */
final class LookupCache {
  private static final int MAX_ENTRIES = 10_000;

  /** An answer that a login failed with is used this long still: guessing does not empty us. */
  private static final long KEPT_AFTER_FAILURE_NS = 1_000_000_000L;

  /**
   * A name may be created at any time, and no login with it fails in another way than before: it is
   * asked for again this soon, and no sooner, however often it is tried.
   */
  private static final long LONGEST_MISSING_NS = 5_000_000_000L;

  private final Map<Key, Entry> found = new Bounded();
  private final Map<Key, Entry> missing = new Bounded();
  private long ttlNs;

  /** Which question. */
  record Key(String database, String asUser, String sql, String user) {}

  private record Entry(Lookup answer, long sinceNs) {}

  /** Forgets who was not asked for longest. */
  private static final class Bounded extends LinkedHashMap<Key, LookupCache.Entry> {
    private static final long serialVersionUID = 1;

    Bounded() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, LookupCache.Entry> eldest) {
      return size() > MAX_ENTRIES;
    }
  }

  /** Sets how long answers are used, 0 for not at all, and forgets those that are there. */
  void configure(long ttlNs) {
    this.ttlNs = ttlNs;
    found.clear();
    missing.clear();
  }

  /** The answer to a question, or null when it has to be asked. */
  @Nullable Lookup find(Key key, long nowNs) {
    Lookup known = fresh(found.get(key), ttlNs, nowNs);
    return known == null
        ? fresh(missing.get(key), Math.min(ttlNs, LONGEST_MISSING_NS), nowNs)
        : known;
  }

  private static @Nullable Lookup fresh(@Nullable Entry entry, long longestNs, long nowNs) {
    return entry == null || nowNs - entry.sinceNs() >= longestNs ? null : entry.answer();
  }

  /** Keeps an answer; failures are no answers. */
  void put(Key key, Lookup answer, long nowNs) {
    if (ttlNs <= 0 || answer instanceof Lookup.Failed) {
      return;
    }
    found.remove(key);
    missing.remove(key);
    Map<Key, Entry> kept = answer instanceof Lookup.Found ? found : missing;
    kept.put(key, new Entry(answer, nowNs));
  }

  /** A login with an answer has failed: perhaps the password was changed meanwhile. */
  void doubt(Key key, long nowNs) {
    Entry entry = found.get(key);
    if (entry != null && nowNs - entry.sinceNs() >= KEPT_AFTER_FAILURE_NS) {
      found.remove(key);
    }
  }
}
