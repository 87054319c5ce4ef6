package io.sluice.proxy.prepare;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one server has prepared, least recently used first. Confined to the event loop.
 *
 * <p>Shows the state that the server will be in when all that was sent to it is done; a failed
 * pipeline is put right by whoever sent it.
 */
public final class ServerStatements {
  private static final int FIRST_SIZE = 16;
  private static final float LOAD = 0.75f;

  private final StatementCache cache;
  // Access order: a look-up is a use.
  private final LinkedHashMap<Statement, Statement> held =
      new LinkedHashMap<>(FIRST_SIZE, LOAD, true);

  public ServerStatements(StatementCache cache) {
    this.cache = cache;
  }

  /** Says whether the server has the statement, and notes the use. */
  public boolean use(Statement statement) {
    return held.get(statement) != null;
  }

  /** Adds a statement that was sent to the server; takes a reference. */
  public void add(Statement statement) {
    if (held.put(statement, statement) == null) {
      cache.retain(statement);
    }
  }

  /** Removes a statement that the server does not have. */
  public void remove(Statement statement) {
    if (held.remove(statement) != null) {
      cache.release(statement);
    }
  }

  /**
   * The least recently used statement when there are more than the limit; it stays until {@link
   * #remove}.
   */
  public @Nullable Statement surplus(int limit) {
    if (held.size() <= limit) {
      return null;
    }
    Iterator<Statement> oldest = held.keySet().iterator();
    return oldest.next();
  }

  /** Forgets everything: the server did (DEALLOCATE ALL), or is gone. */
  public void clear() {
    held.keySet().forEach(cache::release);
    held.clear();
  }

  /** How many statements the server has. */
  public int count() {
    return held.size();
  }
}
