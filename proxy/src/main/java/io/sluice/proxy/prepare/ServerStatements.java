package io.sluice.proxy.prepare;

import java.util.HashMap;
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

  /** Those that will be gone, and about which an answer is still to come. */
  private final Map<Statement, Held> leaving = new HashMap<>();

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
    boolean expected = entry != null;
    if (entry == null) {
      entry = leaving.get(statement);
    }
    if (entry != null && entry.request >= head && lastSync > entry.request) {
      return Presence.UNKNOWN;
    }
    if (entry == null || !expected) {
      return Presence.ABSENT;
    }
    return entry.plans == statement.plans() ? Presence.PRESENT : Presence.STALE;
  }

  /** A Parse of the statement is sent. */
  public void parsing(Statement statement, long request) {
    Held entry = find(statement);
    if (entry == null) {
      entry = new Held();
      cache.hold(statement);
    }
    entry.plans = statement.plans();
    expect(statement, entry, true, request);
  }

  /** A Close of the statement is sent. */
  public void closing(Statement statement, long request) {
    Held entry = find(statement);
    if (entry != null) {
      expect(statement, entry, false, request);
    }
  }

  /** The Parse has succeeded. */
  public void parsed(Statement statement) {
    Held entry = find(statement);
    if (entry != null) {
      entry.confirmed = true;
    }
  }

  /** The Close has succeeded. */
  public void closed(Statement statement, long request) {
    Held entry = find(statement);
    if (entry != null) {
      entry.confirmed = false;
      forgetAbsent(statement, entry, request);
    }
  }

  /** PostgreSQL has skipped, or refused, a Parse or Close of the statement. */
  public void skipped(Statement statement, long request) {
    Held entry = find(statement);
    if (entry != null) {
      forgetAbsent(statement, entry, request);
    }
  }

  /** The request was the last one about the statement: what is shown is what is. */
  private void forgetAbsent(Statement statement, Held entry, long request) {
    if (entry.request != request) {
      return;
    }
    expect(statement, entry, entry.confirmed, 0);
    if (!entry.confirmed) {
      leaving.remove(statement);
      cache.letGo(statement);
    }
  }

  private @Nullable Held find(Statement statement) {
    Held entry = held.get(statement);
    return entry == null ? leaving.get(statement) : entry;
  }

  private void expect(Statement statement, Held entry, boolean expected, long request) {
    (expected ? leaving : held).remove(statement);
    (expected ? held : leaving).put(statement, entry);
    entry.request = request;
  }

  /** The least recently used statement when there are more than the limit. */
  public @Nullable Statement surplus(int limit) {
    return held.size() <= limit ? null : held.keySet().iterator().next();
  }

  /**
   * The server has dropped all statements (DEALLOCATE ALL); what was sent behind that request is
   * still to come.
   */
  public void dropBefore(long request) {
    dropBefore(held, request);
    dropBefore(leaving, request);
  }

  private void dropBefore(Map<Statement, Held> some, long request) {
    Iterator<Map.Entry<Statement, Held>> all = some.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Statement, Held> entry = all.next();
      Held state = entry.getValue();
      state.confirmed = false;
      if (state.request < request) {
        all.remove();
        cache.letGo(entry.getKey());
      }
    }
  }

  /** Forgets everything: the server is gone. */
  public void clear() {
    held.keySet().forEach(cache::letGo);
    leaving.keySet().forEach(cache::letGo);
    held.clear();
    leaving.clear();
    unnamed = null;
  }

  /** Tells of each statement that the server has, or is about to have. */
  public void forEach(Consumer<Statement> action) {
    held.keySet().forEach(action);
  }

  /** How many statements the server has. */
  public int count() {
    return held.size();
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
