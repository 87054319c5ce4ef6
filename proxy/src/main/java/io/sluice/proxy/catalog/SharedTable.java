package io.sluice.proxy.catalog;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What event loops have in common under a name. An entry lives as long as any loop holds its value:
 * names come and go, and strangers may choose some of them. Thread-safe.
 */
public final class SharedTable<K, V> {
  private final ConcurrentMap<K, Entry<K, V>> entries = new ConcurrentHashMap<>();
  private final ReferenceQueue<V> gone = new ReferenceQueue<>();
  private final Function<K, V> maker;

  private static final class Entry<K, V> extends WeakReference<V> {
    private final K key;

    Entry(K key, V value, ReferenceQueue<V> gone) {
      super(value, gone);
      this.key = key;
    }
  }

  /** Makes a table whose values are made when they are first asked for. */
  public SharedTable(Function<K, V> maker) {
    this.maker = maker;
  }

  /** The value of a key: the same one for all who hold it at the same time. */
  public V get(K key) {
    forgetGone();
    Entry<K, V> entry = entries.get(key);
    V known = entry == null ? null : entry.get();
    return known == null ? make(key) : known;
  }

  private V make(K key) {
    V made = maker.apply(key);
    Entry<K, V> mine = new Entry<>(key, made, gone);
    Entry<K, V> winner = entries.merge(key, mine, (old, next) -> old.get() == null ? next : old);
    V value = winner.get();
    // Nobody has held the winner's value for a moment: this one takes its place.
    return value == null ? get(key) : value;
  }

  private void forgetGone() {
    @Nullable Object dead = gone.poll();
    while (dead != null) {
      if (dead instanceof Entry<?, ?> entry) {
        entries.remove(entry.key, entry);
      }
      dead = gone.poll();
    }
  }

  /** How many entries there are. */
  int size() {
    forgetGone();
    return entries.size();
  }
}
