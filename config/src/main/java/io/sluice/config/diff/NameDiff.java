package io.sluice.config.diff;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What changed in one section. Immutable.
 *
 * @param added entries that are new
 * @param removed entries that are gone
 * @param changed entries that are in both but not the same
 * @param <K> names of the entries
 */
public record NameDiff<K>(Set<K> added, Set<K> removed, Set<K> changed) {
  public NameDiff {
    added = Set.copyOf(added);
    removed = Set.copyOf(removed);
    changed = Set.copyOf(changed);
  }

  /** Compares two sections. */
  static <K, V> NameDiff<K> between(Map<K, V> before, Map<K, V> after) {
    Set<K> added = new LinkedHashSet<>(after.keySet());
    added.removeAll(before.keySet());
    Set<K> removed = new LinkedHashSet<>(before.keySet());
    removed.removeAll(after.keySet());
    Set<K> changed = new LinkedHashSet<>(before.keySet());
    changed.retainAll(after.keySet());
    changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    return new NameDiff<>(added, removed, changed);
  }

  /** Says whether nothing changed. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
  }
}
