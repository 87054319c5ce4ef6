package io.sluice.proxy.catalog;

import io.sluice.config.value.PasswordSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passwords for servers that are kept outside the configuration, as they were last seen. Who looks
 * at them, and when, is decided elsewhere. Thread-safe.
 */
public final class OutsidePasswords {
  private final Map<PasswordSource, Entry> entries = new HashMap<>();
  private final Set<PasswordSource> doubted = new HashSet<>();

  /** One source; guarded by the map's owner. */
  private static final class Entry {
    private @Nullable String password;
    private boolean tried;
    private final List<Runnable> waiting = new ArrayList<>();
  }

  /** Keeps these sources and no others. */
  public void follow(Set<PasswordSource> sources) {
    List<Runnable> released = new ArrayList<>();
    synchronized (entries) {
      entries.entrySet().removeIf(known -> dropped(known, sources, released));
      doubted.retainAll(sources);
      sources.forEach(source -> entries.computeIfAbsent(source, key -> new Entry()));
    }
    released.forEach(Runnable::run);
  }

  private static boolean dropped(
      Map.Entry<PasswordSource, Entry> known,
      Set<PasswordSource> sources,
      List<Runnable> released) {
    boolean drop = !sources.contains(known.getKey());
    if (drop) {
      released.addAll(known.getValue().waiting);
    }
    return drop;
  }

  /** The password as it was last seen; null when it never was. */
  public @Nullable String find(PasswordSource source) {
    if (source instanceof PasswordSource.Literal literal) {
      return literal.password();
    }
    synchronized (entries) {
      Entry entry = entries.get(source);
      return entry == null ? null : entry.password;
    }
  }

  /**
   * Waits for the first look at a source.
   *
   * @param then called by whoever has looked, on his thread, whether he found a password or not
   * @return false when there is nothing to wait for: nothing will be called
   */
  public boolean await(PasswordSource source, Runnable then) {
    synchronized (entries) {
      Entry entry = entries.get(source);
      if (entry == null || entry.tried) {
        return false;
      }
      entry.waiting.add(then);
      return true;
    }
  }

  /**
   * Takes what a look has found.
   *
   * @param password null when nothing usable was found: the password stays as it was
   * @return whether the password is another now
   */
  public boolean seen(PasswordSource source, @Nullable String password) {
    List<Runnable> released = new ArrayList<>();
    boolean changed = false;
    synchronized (entries) {
      Entry entry = entries.get(source);
      if (entry == null) {
        return false;
      }
      if (password != null) {
        changed = entry.password != null && !entry.password.equals(password);
        entry.password = password;
      }
      entry.tried = true;
      released.addAll(entry.waiting);
      entry.waiting.clear();
    }
    released.forEach(Runnable::run);
    return changed;
  }

  /** Notes that PostgreSQL has refused a password: it is time to look for a newer one. */
  public void doubt(PasswordSource source) {
    synchronized (entries) {
      if (entries.containsKey(source)) {
        doubted.add(source);
      }
    }
  }

  /** Says whether a password was refused since the last time that this was asked. */
  public boolean takeDoubt(PasswordSource source) {
    synchronized (entries) {
      return doubted.remove(source);
    }
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "OutsidePasswords[****]";
  }
}
