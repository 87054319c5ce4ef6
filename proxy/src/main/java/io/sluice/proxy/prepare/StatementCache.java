package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * All statements that any client has prepared, by text and parameter types, byte for byte: clients
 * that prepare the same text share one entry, so a server prepares it once.
 *
 * <p>Bounded by its references: each entry is named by a client or held by a server. Confined to
 * the event loop.
 */
public final class StatementCache {
  /** Where hashes of names and texts begin. */
  static final int SEED = new SecureRandom().nextInt();

  private static final int FIRST_BUCKETS = 256;

  private @Nullable Statement[] buckets = new @Nullable Statement[FIRST_BUCKETS];
  private int count;
  private long bytes;
  private long lastNumber;

  /**
   * The statement with this text and these types, with one reference for the caller.
   *
   * @param view buffer that holds the body of a Parse message behind the name
   */
  public Statement open(ByteBuf view, int index, int length) {
    int hash = hash(view, index, length);
    for (Statement s = buckets[hash & (buckets.length - 1)]; s != null; s = s.nextInBucket) {
      if (s.hash() == hash && s.hasBody(view, index, length)) {
        s.retain();
        return s;
      }
    }
    byte[] body = new byte[length];
    view.getBytes(index, body);
    Statement made = new Statement(++lastNumber, body, hash);
    made.retain();
    insert(made);
    return made;
  }

  /** Takes one more reference; a statement that nobody referred to any more comes back. */
  public void retain(Statement statement) {
    if (statement.references() == 0) {
      insert(statement);
    }
    statement.retain();
  }

  /** Gives a reference back. */
  public void release(Statement statement) {
    if (statement.release()) {
      remove(statement);
    }
  }

  /** How many statements there are. */
  public int count() {
    return count;
  }

  /** Bytes of all texts. */
  public long bytes() {
    return bytes;
  }

  private void insert(Statement statement) {
    if (count >= buckets.length) {
      grow();
    }
    int bucket = statement.hash() & (buckets.length - 1);
    statement.nextInBucket = buckets[bucket];
    buckets[bucket] = statement;
    count++;
    bytes += statement.body().length;
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
        bytes -= statement.body().length;
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
