package io.sluice.proxy.prepare;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one server has prepared, least recently used first. Confined to the event loop.
 *
 * <p>Requests are sent before the earlier ones are answered, and PostgreSQL skips requests after an
 * error, up to a Sync. So there are two truths about a statement: what the answers so far have
 * shown, and what will be if no request is skipped. The second one holds for requests of the same
 * group, which would be skipped too; behind a Sync, nobody knows until the answer has come.
 *
 * <p>Requests are known by their numbers; {@code head} is that of the oldest unanswered one.
 */
public final class ServerStatements {
  private static final int FIRST_SIZE = 16;
  private static final float LOAD = 0.75f;

  private final StatementCache cache;
  // Access order: a look-up is a use.
  private final LinkedHashMap<Statement, Held> held = new LinkedHashMap<>(FIRST_SIZE, LOAD, true);
  private int count;
  private @Nullable UnnamedStatement unnamed;
  private long unnamedRequest;

  /** Whether a server has a statement when it comes to a request that is sent now. */
  public enum Presence {
    PRESENT,
    ABSENT,
    /** It depends on answers that are still to come. */
    UNKNOWN,
    /** It has one that can be executed no more. */
    STALE
  }

  /** What is known of one statement. */
  private static final class Held {
    long request;
    int plans;
    boolean expected;
    boolean confirmed;
  }

  public ServerStatements(StatementCache cache) {
    this.cache = cache;
  }

  // ---- named statements

  /**
   * Says whether the server has the statement, and notes the use.
   *
   * @param head the oldest unanswered request
   * @param lastSync the latest Sync
   */
  public Presence use(Statement statement, long head, long lastSync) {
    Held entry = held.get(statement);
    if (entry == null) {
      return Presence.ABSENT;
    }
    if (entry.request >= head && lastSync > entry.request) {
      return Presence.UNKNOWN;
    }
    if (!entry.expected) {
      return Presence.ABSENT;
    }
    return entry.plans == statement.plans() ? Presence.PRESENT : Presence.STALE;
  }

  /** A Parse of the statement is sent. */
  public void parsing(Statement statement, long request) {
    Held entry = held.get(statement);
    if (entry == null) {
      entry = new Held();
      held.put(statement, entry);
      cache.hold(statement);
    }
    entry.plans = statement.plans();
    expect(entry, true, request);
  }

  /** A Close of the statement is sent. */
  public void closing(Statement statement, long request) {
    Held entry = held.get(statement);
    if (entry != null) {
      expect(entry, false, request);
    }
  }

  /** The Parse has succeeded. */
  public void parsed(Statement statement) {
    Held entry = held.get(statement);
    if (entry != null) {
      entry.confirmed = true;
    }
  }

  /** The Close has succeeded. */
  public void closed(Statement statement, long request) {
    Held entry = held.get(statement);
    if (entry != null) {
      entry.confirmed = false;
      forgetAbsent(statement, entry, request);
    }
  }

  /** PostgreSQL has skipped, or refused, a Parse or Close of the statement. */
  public void skipped(Statement statement, long request) {
    Held entry = held.get(statement);
    if (entry != null) {
      forgetAbsent(statement, entry, request);
    }
  }

  /** The request was the last one about the statement: what is shown is what is. */
  private void forgetAbsent(Statement statement, Held entry, long request) {
    if (entry.request != request) {
      return;
    }
    expect(entry, entry.confirmed, 0);
    if (!entry.confirmed) {
      held.remove(statement);
      cache.letGo(statement);
    }
  }

  private void expect(Held entry, boolean expected, long request) {
    if (entry.expected != expected) {
      count += expected ? 1 : -1;
    }
    entry.expected = expected;
    entry.request = request;
  }

  /** The least recently used statement when there are more than the limit. */
  public @Nullable Statement surplus(int limit) {
    if (count <= limit) {
      return null;
    }
    for (Map.Entry<Statement, Held> entry : held.entrySet()) {
      if (entry.getValue().expected) {
        return entry.getKey();
      }
    }
    return null;
  }

  /**
   * The server has dropped all statements (DEALLOCATE ALL); what was sent behind that request is
   * still to come.
   */
  public void dropBefore(long request) {
    Iterator<Map.Entry<Statement, Held>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Statement, Held> entry = all.next();
      Held state = entry.getValue();
      state.confirmed = false;
      if (state.request < request) {
        expect(state, false, 0);
        all.remove();
        cache.letGo(entry.getKey());
      }
    }
  }

  /** Forgets everything: the server is gone. */
  public void clear() {
    held.keySet().forEach(cache::letGo);
    held.clear();
    count = 0;
    unnamed = null;
  }

  /** Tells of each statement that the server has, or is about to have. */
  public void forEach(Consumer<Statement> action) {
    held.forEach(
        (statement, state) -> {
          if (state.expected) {
            action.accept(statement);
          }
        });
  }

  /** How many statements the server has. */
  public int count() {
    return count;
  }

  // ---- the unnamed statement

  /** Says whether the server's unnamed statement is, or will be, a client's: the same, or none. */
  public boolean hasUnnamed(UnnamedStatement statement) {
    return unnamed == statement;
  }

  /** The request that makes it so, if that may be skipped; else 0. */
  public long unnamedRequest() {
    return unnamedRequest;
  }

  /** The request that was to make the unnamed statement somebody's was skipped. */
  public void unnamedSkipped(long request) {
    if (unnamedRequest == request) {
      unnamed = null;
    }
  }

  /** Says whether that depends on answers that are still to come. */
  public boolean isUnnamedOpen(long head, long lastSync) {
    return unnamedRequest >= head && lastSync > unnamedRequest;
  }

  /**
   * Notes whose unnamed statement the server has from now on; null for one that nobody knows.
   *
   * @param request the one that brings it, if that may be skipped; else 0
   */
  public void setUnnamed(@Nullable UnnamedStatement statement, long request) {
    unnamed = statement;
    unnamedRequest = request;
  }
}
