package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All statements that any client has prepared, by text and parameter types, byte for byte: clients
 * that prepare the same text share one entry, so a server prepares it once.
 *
 * <p>Bounded in bytes. When there is no room, the texts of statements go that only servers have:
 * the server keeps its statement under its number until it is its least recently used one, and the
 * next client with that text prepares it anew. Texts that clients have named are never taken from
 * them; when these alone fill the registry there is no room for more. Confined to the event loop.
 */
public final class StatementCache {
  /** What an entry takes besides its text, in a 64-bit JVM with compressed pointers. */
  public static final int ENTRY_BYTES = 152;

  /** What a client's name takes besides its bytes. */
  static final int NAME_BYTES = 64;

  /** Where hashes of names and texts begin. */
  static final int SEED = new SecureRandom().nextInt();

  private static final int FIRST_BUCKETS = 256;

  /** Statements are many and short: what comes near to this is a mistake, or an attack. */
  private static final int HEAP_SHARE = 8;

  private @Nullable Statement[] buckets = new @Nullable Statement[FIRST_BUCKETS];
  private final Set<Statement> unnamed = new LinkedHashSet<>();
  private final long maxBytes;
  private int count;
  private long bytes;
  private long nameBytes;
  private final LongSupplier numbers;

  /** A registry that takes so many bytes at most. */
  public StatementCache(long maxBytes) {
    this(maxBytes, new AtomicLong()::incrementAndGet);
  }

  /**
   * A registry of one of several event loops.
   *
   * @param maxBytes what it takes at most
   * @param numbers a new number each time: registries of one process have no name in common
   */
  public StatementCache(long maxBytes, LongSupplier numbers) {
    this.maxBytes = maxBytes;
    this.numbers = numbers;
  }

  /** What all registries of a process may take together: an eighth of the heap. */
  public static long mostBytes() {
    return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  }

  /**
   * The statement with this text and these types, named once more; null when there is no room for
   * it.
   *
   * @param view buffer that holds the body of a Parse message behind the name
   */
  public @Nullable Statement open(ByteBuf view, int index, int length) {
    int hash = hash(view, index, length);
    for (Statement s = buckets[hash & (buckets.length - 1)]; s != null; s = s.nextInBucket) {
      if (s.hash() == hash && s.hasBody(view, index, length)) {
        named(s);
        return s;
      }
    }
    if (!makesRoom(length + ENTRY_BYTES)) {
      return null;
    }
    byte[] body = new byte[length];
    view.getBytes(index, body);
    Statement made = new Statement(numbers.getAsLong(), body, hash);
    made.addNames(1);
    insert(made);
    return made;
  }

  private void named(Statement statement) {
    if (statement.names() == 0) {
      unnamed.remove(statement);
    }
    statement.addNames(1);
  }

  /** Gives texts up that no client has named, the ones that were left first going first. */
  private boolean makesRoom(int more) {
    Iterator<Statement> oldest = unnamed.iterator();
    while (bytes + nameBytes + more > maxBytes && oldest.hasNext()) {
      Statement statement = oldest.next();
      oldest.remove();
      remove(statement);
      statement.forgetBody();
    }
    return bytes + nameBytes + more <= maxBytes;
  }

  /**
   * A statement is named again whose last name may have gone meanwhile.
   *
   * @param body its text, which the registry may have given up
   */
  public void reopen(Statement statement, byte[] body) {
    if (!statement.isListed()) {
      statement.setBody(body);
      insert(statement);
    }
    named(statement);
  }

  /** A client has a name for it no longer. */
  public void release(Statement statement) {
    statement.addNames(-1);
    if (!statement.isNeeded()) {
      remove(statement);
    } else if (statement.names() == 0) {
      unnamed.add(statement);
    }
  }

  /** A server is given the statement. */
  void hold(Statement statement) {
    statement.addServers(1);
  }

  /** A server has it no longer. */
  void letGo(Statement statement) {
    statement.addServers(-1);
    if (!statement.isNeeded() && statement.isListed()) {
      unnamed.remove(statement);
      remove(statement);
    }
  }

  /** Makes room for text that a client keeps; false when there is none. */
  boolean reserve(int length) {
    boolean fits = makesRoom(length);
    nameBytes += fits ? length : 0;
    return fits;
  }

  /** Gives such room back. */
  void release(int length) {
    nameBytes -= length;
  }

  /** A client has a name more, or one less when the length is negative. */
  void countName(int length, int sign) {
    nameBytes += (long) sign * (length + NAME_BYTES);
  }

  /** How many statements there are whose text is known. */
  public int count() {
    return count;
  }

  /** Bytes of all texts and of the names that clients have for them. */
  public long bytes() {
    return bytes + nameBytes;
  }

  /** Bound of {@link #bytes}, but for names. */
  public long maxBytes() {
    return maxBytes;
  }

  private void insert(Statement statement) {
    if (count >= buckets.length) {
      grow();
    }
    int bucket = statement.hash() & (buckets.length - 1);
    statement.nextInBucket = buckets[bucket];
    buckets[bucket] = statement;
    count++;
    bytes += statement.body().length + ENTRY_BYTES;
    statement.setListed(true);
  }

  private void grow() {
    @Nullable Statement[] old = buckets;
    buckets = new @Nullable Statement[old.length * 2];
    for (Statement first : old) {
      Statement s = first;
      while (s != null) {
        Statement next = s.nextInBucket;
        int bucket = s.hash() & (buckets.length - 1);
        s.nextInBucket = buckets[bucket];
        buckets[bucket] = s;
        s = next;
      }
    }
  }

  private void remove(Statement statement) {
    int bucket = statement.hash() & (buckets.length - 1);
    Statement before = null;
    for (Statement s = buckets[bucket]; s != null; s = s.nextInBucket) {
      if (s == statement) {
        if (before == null) {
          buckets[bucket] = s.nextInBucket;
        } else {
          before.nextInBucket = s.nextInBucket;
        }
        statement.nextInBucket = null;
        count--;
        bytes -= statement.body().length + ENTRY_BYTES;
        statement.setListed(false);
        return;
      }
      before = s;
    }
    throw new IllegalStateException("statement not in the cache: " + statement.number());
  }

  /**
   * FNV-1a with a final mix: texts often differ in their last bytes only. It begins anew in each
   * process, so that nobody can prepare texts that fall into one bucket.
   */
  static int hash(ByteBuf buf, int index, int length) {
    int hash = SEED;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ buf.getByte(index + i)) * 0x01000193;
    }
    return hash ^ (hash >>> 15);
  }
}
