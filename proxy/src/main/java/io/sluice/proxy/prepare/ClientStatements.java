package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.HotPath;
import java.util.Arrays;
import java.util.function.Consumer;
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
  private static final long ANY = -1;

  /** Of all clients that have named nothing; it stays empty. */
  private static final @Nullable Named[] NO_NAMES = new @Nullable Named[1];

  /** Names longer than this are equal when they begin alike: PostgreSQL's NAMEDATALEN less one. */
  public static final int MAX_NAME_BYTES = 63;

  private final StatementCache cache;
  private UnnamedStatement unnamed = UnnamedStatement.NONE;
  private @Nullable Named[] buckets = NO_NAMES;
  private int count;
  private int drops;
  private int textBytes;
  private long closeServer;
  private long closeRequest;

  /** One name, and the request of a server that it was given with. */
  public static final class Named {
    private final byte[] name;
    private final int hash;
    private final Statement statement;
    private final long server;
    private final long request;
    private @Nullable Named next;

    Named(byte[] name, Statement statement, long server, long request) {
      this.name = name;
      this.hash = hash(name);
      this.statement = statement;
      this.server = server;
      this.request = request;
    }

    /** What the name stands for. */
    public Statement statement() {
      return statement;
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
    Named named = named(view, index, length);
    return named == null ? null : named.statement;
  }

  private @Nullable Named named(ByteBuf view, int index, int length) {
    int hash = StatementCache.hash(view, index, length);
    for (Named n = buckets[hash & (buckets.length - 1)]; n != null; n = n.next) {
      if (n.is(view, index, length, hash)) {
        return n;
      }
    }
    return null;
  }

  /**
   * Names a statement; the name must be free. Takes over the caller's reference.
   *
   * @param server the id of the server that was asked
   * @param request the number of the request there
   */
  public void put(byte[] name, Statement statement, long server, long request) {
    put(new Named(name, statement, server, request));
  }

  private void put(Named named) {
    if (buckets == NO_NAMES) {
      buckets = new @Nullable Named[FIRST_BUCKETS];
    } else if (count >= buckets.length) {
      grow();
    }
    int bucket = named.hash & (buckets.length - 1);
    named.next = buckets[bucket];
    buckets[bucket] = named;
    count++;
    cache.countName(named.name.length, 1);
  }

  /**
   * Notes that the latest Close of a name depends on answers that are still to come.
   *
   * @param server the id of the server that owes them
   * @param request the number of the request there
   */
  public void closing(long server, long request) {
    closeServer = server;
    closeRequest = request;
  }

  /**
   * Says whether it depends on answers that are still to come which statement a name stands for.
   *
   * @param server the id of the server that owes them
   * @param head the oldest unanswered request there
   * @param lastSync the latest Sync there
   */
  public boolean isOpen(
      ByteBuf view, int index, int length, long server, long head, long lastSync) {
    Named named = named(view, index, length);
    long asked = named == null ? closeServer : named.server;
    long request = named == null ? closeRequest : named.request;
    return asked == server && request >= head && lastSync > request;
  }

  /** Frees a name whose Parse was not carried out, unless it was given anew since then. */
  public void unput(byte[] name, long server, long request) {
    Named given = remove(name, server, request);
    if (given != null) {
      cache.release(given.statement);
    }
  }

  /**
   * Names a statement again whose Close was not carried out.
   *
   * @param body the statement's text when the name was freed
   * @param dropsBefore what {@link #drops} was when the name was freed: names that were dropped
   *     since then stay free
   */
  public void restore(Named freed, byte[] body, int dropsBefore) {
    if (drops == dropsBefore) {
      cache.reopen(freed.statement, body);
      put(freed);
    }
  }

  /**
   * Frees a name.
   *
   * @return the name, whose reference to a statement is now the caller's; null when it was free
   */
  public @Nullable Named remove(byte[] name) {
    return remove(name, ANY, 0);
  }

  private @Nullable Named remove(byte[] name, long server, long request) {
    int hash = hash(name);
    int bucket = hash & (buckets.length - 1);
    Named before = null;
    for (Named n = buckets[bucket]; n != null; n = n.next) {
      if (n.hash == hash && Arrays.equals(n.name, name)) {
        if (server != ANY && (n.server != server || n.request != request)) {
          return null;
        }
        if (before == null) {
          buckets[bucket] = n.next;
        } else {
          before.next = n.next;
        }
        count--;
        cache.countName(name.length, -1);
        return n;
      }
      before = n;
    }
    return null;
  }

  /**
   * Frees the names that PostgreSQL has dropped at the client's request (DEALLOCATE ALL): all but
   * those that were given behind it, without waiting.
   *
   * @param server the id of the server that has dropped them
   * @param request the number of the request there
   */
  public void dropBefore(long server, long request) {
    drops++;
    if (count == 0) {
      return;
    }
    for (int i = 0; i < buckets.length; i++) {
      Named kept = null;
      Named n = buckets[i];
      while (n != null) {
        Named next = n.next;
        if (n.server == server && n.request > request) {
          n.next = kept;
          kept = n;
        } else {
          count--;
          cache.countName(n.name.length, -1);
          cache.release(n.statement);
        }
        n = next;
      }
      buckets[i] = kept;
    }
  }

  /** Says whether there is room for a text that is kept for the client beside its names. */
  public boolean keepsText(int length) {
    if (!cache.reserve(length)) {
      return false;
    }
    textBytes += length;
    return true;
  }

  /** Such a text is not kept any longer. */
  public void forgetsText(int length) {
    cache.release(length);
    textBytes -= length;
  }

  /** Frees all names and gives their references back: the client is gone. */
  public void clear() {
    dropBefore(0, Long.MAX_VALUE);
    forgetsText(textBytes);
    if (unnamed != UnnamedStatement.NONE) {
      unnamed.discard();
    }
  }

  /** How often PostgreSQL has dropped the client's names. */
  public int drops() {
    return drops;
  }

  /** What the client has prepared without a name; of one that never has, what stands for that. */
  public UnnamedStatement unnamed() {
    return unnamed;
  }

  /** The same, for a client that is about to prepare without a name. */
  public UnnamedStatement openUnnamed() {
    if (unnamed == UnnamedStatement.NONE) {
      unnamed = new UnnamedStatement();
    }
    return unnamed;
  }

  /** Tells of the statement behind each name. */
  public void forEach(Consumer<Statement> action) {
    for (Named first : buckets) {
      for (Named n = first; n != null; n = n.next) {
        action.accept(n.statement);
      }
    }
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
