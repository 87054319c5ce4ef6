package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * What one client has named: its statement names and the shared statements behind them.
 *
 * <p>Looked up in place: the bytes of a name are compared where they stand in the message. Confined
 * to the event loop.
 */
@HotPath
public final class ClientStatements {
  private static final int FIRST_BUCKETS = 16;

  private final StatementCache cache;
  private @Nullable Named[] buckets = new @Nullable Named[FIRST_BUCKETS];
  private int count;

  /** One name. */
  private static final class Named {
    final byte[] name;
    final int hash;
    final Statement statement;
    @Nullable Named next;

    Named(byte[] name, int hash, Statement statement, @Nullable Named next) {
      this.name = name;
      this.hash = hash;
      this.statement = statement;
      this.next = next;
    }

    boolean is(ByteBuf buf, int index, int length, int otherHash) {
      if (hash != otherHash || name.length != length) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (buf.getByte(index + i) != name[i]) {
          return false;
        }
      }
      return true;
    }
  }

  public ClientStatements(StatementCache cache) {
    this.cache = cache;
  }

  /** The statement behind a name, or null. */
  public @Nullable Statement find(ByteBuf view, int index, int length) {
    int hash = StatementCache.hash(view, index, length);
    for (Named n = buckets[hash & (buckets.length - 1)]; n != null; n = n.next) {
      if (n.is(view, index, length, hash)) {
        return n.statement;
      }
    }
    return null;
  }

  /** Names a statement; the name must be free. Takes over the caller's reference. */
  public void put(byte[] name, Statement statement) {
    if (count >= buckets.length) {
      grow();
    }
    int hash = hash(name);
    int bucket = hash & (buckets.length - 1);
    buckets[bucket] = new Named(name, hash, statement, buckets[bucket]);
    count++;
  }

  /**
   * Frees a name.
   *
   * @return the statement, whose reference is now the caller's; null when the name was free
   */
  public @Nullable Statement remove(byte[] name) {
    int hash = hash(name);
    int bucket = hash & (buckets.length - 1);
    Named before = null;
    for (Named n = buckets[bucket]; n != null; n = n.next) {
      if (n.hash == hash && java.util.Arrays.equals(n.name, name)) {
        if (before == null) {
          buckets[bucket] = n.next;
        } else {
          before.next = n.next;
        }
        count--;
        return n.statement;
      }
      before = n;
    }
    return null;
  }

  /** Frees all names and gives their references back. */
  public void clear() {
    for (int i = 0; i < buckets.length; i++) {
      for (Named n = buckets[i]; n != null; n = n.next) {
        cache.release(n.statement);
      }
      buckets[i] = null;
    }
    count = 0;
  }

  /** How many names there are. */
  public int count() {
    return count;
  }

  private void grow() {
    @Nullable Named[] old = buckets;
    buckets = new @Nullable Named[old.length * 2];
    for (Named first : old) {
      Named n = first;
      while (n != null) {
        Named next = n.next;
        int bucket = n.hash & (buckets.length - 1);
        n.next = buckets[bucket];
        buckets[bucket] = n;
        n = next;
      }
    }
  }

  private static int hash(byte[] name) {
    int hash = StatementCache.SEED;
    for (byte b : name) {
      hash = (hash ^ b) * 0x01000193;
    }
    return hash ^ (hash >>> 15);
  }
}
