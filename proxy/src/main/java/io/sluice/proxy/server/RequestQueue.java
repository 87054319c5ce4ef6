package io.sluice.proxy.server;

import io.sluice.protocol.FrontendType;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.prepare.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a server still owes an answer to, in the order in which they were sent.
 *
 * <p>Each says what becomes of its answer: {@link #FORWARD} it, {@link #SWALLOW} it (we asked, not
 * the client), or {@link #FAKE} it (the request was not sent; we answer when its turn comes).
 *
 * <p>Types are those of the messages (Q P B D E C S F), and {@code c}/{@code f} for the end of a
 * COPY, which has no answer of its own: it matters to a COPY begun by an Execute, and is skipped
 * elsewhere. Bounded by what the kernel's socket buffers take, since a server that does not read
 * stops its client, and by {@link #MANY} for what is not sent. Confined to the event loop.
 */
@HotPath
public final class RequestQueue {
  /** The answer goes to the client. */
  public static final byte FORWARD = 0;

  /** The answer is dropped; an error would mean that the server cannot be used. */
  public static final byte SWALLOW = 1;

  /** There will be no answer: we make one. */
  public static final byte FAKE = 2;

  /** The answer is dropped, and so is an error: what comes next answers for itself. */
  public static final byte ATTEMPT = 3;

  /** The answer is dropped; an error takes the place of that of the next request. */
  public static final byte ATTEMPT_ALOUD = 4;

  /** No request. */
  public static final byte NONE = 0;

  /** With more requests than this a client that adds answers of ours is not read from. */
  public static final int MANY = 1 << 16;

  private static final int FIRST_SIZE = 16;

  private byte[] types = new byte[FIRST_SIZE];
  private byte[] actions = new byte[FIRST_SIZE];
  private @Nullable Outcome[] outcomes = new @Nullable Outcome[FIRST_SIZE];
  private @Nullable Statement[] statements = new @Nullable Statement[FIRST_SIZE];
  private int head;
  private int count;
  private boolean skippingToSync;
  private boolean unsettled;
  private boolean awaited;
  private @Nullable EndWatcher endWatcher;
  private long added;
  private long lastSync;
  private long lastExtended;
  private long lastBeforeData;
  private long lastChange;

  /** Adds a request at the end. */
  public void add(byte type, byte action, @Nullable Outcome outcome) {
    if (count == types.length) {
      grow();
    }
    int slot = (head + count) & (types.length - 1);
    types[slot] = type;
    actions[slot] = action;
    outcomes[slot] = outcome;
    count++;
    added++;
    unsettled |= action != FAKE;
    if (action != SWALLOW && changesState(type)) {
      lastChange = added;
    }
    if (type == FrontendType.SYNC) {
      skippingToSync = false;
      lastSync = added;
    } else if (action != FAKE && isExtended(type)) {
      lastExtended = added;
    }
    if (type == FrontendType.QUERY || type == FrontendType.EXECUTE) {
      lastBeforeData = 0;
    }
  }

  private static boolean changesState(byte type) {
    return type == FrontendType.QUERY
        || type == FrontendType.EXECUTE
        || type == FrontendType.SYNC
        || type == FrontendType.FUNCTION_CALL;
  }

  /** Says whether a message belongs to a group that PostgreSQL skips after an error. */
  static boolean isExtended(byte type) {
    return type == FrontendType.PARSE
        || type == FrontendType.BIND
        || type == FrontendType.DESCRIBE
        || type == FrontendType.EXECUTE
        || type == FrontendType.CLOSE;
  }

  /** Says whether the oldest request is a simple query of ours, whose answer is dropped. */
  public boolean isQueryOfOurs() {
    return headType() == FrontendType.QUERY && (headAction() == SWALLOW || isAttempt());
  }

  /** Says whether the oldest request is one of ours that PostgreSQL may refuse. */
  public boolean isAttempt() {
    return headAction() == ATTEMPT || headAction() == ATTEMPT_ALOUD;
  }

  /** PostgreSQL has refused the oldest request, whose ReadyForQuery is still to come. */
  public void refused() {
    Outcome outcome = outcomes[head];
    outcomes[head] = null;
    if (outcome != null) {
      outcome.skipped();
    }
  }

  /** Adds a request whose answer goes to the client. */
  public void forward(byte type) {
    add(type, FORWARD, null);
  }

  /** Adds a request for a statement that servers are given, whose answer goes to the client. */
  public void forward(byte type, Statement statement) {
    add(type, FORWARD, null);
    statements[(head + count - 1) & (types.length - 1)] = statement;
  }

  /** The statement that the oldest request is for, where that is known. */
  @Nullable Statement headStatement() {
    return count == 0 ? null : statements[head];
  }

  /** The number of the request that was added last; the first has 1. */
  public long lastNumber() {
    return added;
  }

  /** The number of the oldest request that is unanswered, or of the next one. */
  public long headNumber() {
    return added - count + 1;
  }

  /** The number of the latest Sync, answered or not. */
  public long lastSync() {
    return lastSync;
  }

  /** Says whether an answer that is still to come may have PostgreSQL skip the next request. */
  public boolean isGroupOpen() {
    return lastExtended > lastSync && lastExtended >= headNumber();
  }

  /** Says whether a group of the extended protocol has begun that no Sync has ended yet. */
  public boolean lacksSync() {
    return lastExtended > lastSync;
  }

  /** How many requests are unanswered. */
  public int size() {
    return count;
  }

  /** The type of the oldest request, or {@link #NONE}. */
  public byte headType() {
    return count == 0 ? NONE : types[head];
  }

  /** What becomes of the answer to the oldest request. */
  public byte headAction() {
    return count == 0 ? FORWARD : actions[head];
  }

  /** Removes the oldest request: it was answered. */
  public void pop() {
    Outcome outcome = outcomes[head];
    removeHead();
    skipCopyEnds();
    if (outcome != null) {
      outcome.answered();
    }
  }

  private void removeHead() {
    outcomes[head] = null;
    statements[head] = null;
    head = (head + 1) & (types.length - 1);
    count--;
  }

  private void skipCopyEnds() {
    while (headType() == FrontendType.COPY_DONE || headType() == FrontendType.COPY_FAIL) {
      removeHead();
    }
  }

  /** ReadyForQuery has come, and the request that it answers is gone. */
  public void readyReceived() {
    unsettled = count > 0;
  }

  /**
   * Removes what PostgreSQL skips after an error in the extended protocol: everything up to the
   * next Sync, which stays. Each is told so, the latest first.
   *
   * <p>When no Sync was sent yet, requests are skipped until it is.
   */
  public void failToSync() {
    int sync = indexOf(FrontendType.SYNC, FrontendType.SYNC);
    drop(sync < 0 ? count : sync);
    skippingToSync = sync < 0;
  }

  /**
   * Removes the requests that a COPY begun by an Execute has eaten, up to and with the end of its
   * data; PostgreSQL ignores a Sync among the data.
   *
   * @return false when the end of the data was not sent yet
   */
  public boolean dropToCopyEnd() {
    int end = indexOf(FrontendType.COPY_DONE, FrontendType.COPY_FAIL);
    if (end < 0) {
      return false;
    }
    drop(end + 1);
    skipCopyEnds();
    return true;
  }

  /**
   * Removes what a COPY begun by the Query at the head has eaten, up to and with the end of its
   * data. The Query stays: ReadyForQuery answers it, and another COPY of it may end as well.
   */
  public void dropToCopyEndAfterHead() {
    int end = indexOf(FrontendType.COPY_DONE, FrontendType.COPY_FAIL);
    if (end > 0) {
      dropAfterHead(end);
    }
  }

  /**
   * An error ended a COPY begun by the Query at the head, which has eaten each Sync that was sent
   * before its data.
   */
  public void failCopyAfterHead() {
    int eaten = 0;
    while (eaten + 1 < count
        && typeAt(eaten + 1) == FrontendType.SYNC
        && headNumber() + eaten + 1 <= lastBeforeData) {
      eaten++;
    }
    dropAfterHead(eaten);
  }

  private void dropAfterHead(int number) {
    byte type = types[head];
    byte action = actions[head];
    removeHead();
    drop(number);
    head = (head - 1) & (types.length - 1);
    types[head] = type;
    actions[head] = action;
    count++;
    // It has got a later number.
    lastChange = Math.max(lastChange, headNumber());
  }

  /** Notes that data for a COPY is sent. */
  public void dataSent() {
    if (lastBeforeData == 0) {
      lastBeforeData = added;
    }
  }

  /** An error ended a COPY begun by an Execute. */
  public void failCopy() {
    if (!dropToCopyEnd()) {
      drop(count);
    }
    failToSync();
  }

  /**
   * Says whether the state in which PostgreSQL will meet the next request depends on answers that
   * are still to come: a transaction may fail, or statements be dropped.
   */
  public boolean isStateOpen() {
    return lastChange >= headNumber();
  }

  /** Has somebody see how this transaction of the holder's ends; null for nobody. */
  public void watchEnd(@Nullable EndWatcher watcher) {
    endWatcher = watcher;
  }

  @Nullable EndWatcher endWatcher() {
    return endWatcher;
  }

  /** Has {@link #takeAwaited} tell when everything is answered. */
  public void await() {
    awaited = true;
  }

  /**
   * Says, once, that the answers that somebody waits for have come.
   *
   * @param copyIn whether PostgreSQL takes data, and answers nothing until that has ended
   */
  boolean takeAwaited(boolean copyIn) {
    if (!awaited || (count > 0 && !(copyIn && !isCopyEndSent()))) {
      return false;
    }
    awaited = false;
    return true;
  }

  /** Says whether the end of a COPY's data is on its way. */
  public boolean isCopyEndSent() {
    return indexOf(FrontendType.COPY_DONE, FrontendType.COPY_FAIL) >= 0;
  }

  /** Forgets everything, and tells nobody. */
  public void clear() {
    Arrays.fill(outcomes, null);
    Arrays.fill(statements, null);
    count = 0;
    skippingToSync = false;
    unsettled = false;
    awaited = false;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * Says whether nothing is owed and nothing was sent since the last ReadyForQuery: without it, an
   * answered request may still have a transaction open.
   */
  public boolean isSettled() {
    return count == 0 && !unsettled;
  }

  public int count() {
    return count;
  }

  /** Says whether PostgreSQL ignores requests until the next Sync. */
  public boolean isSkippingToSync() {
    return skippingToSync;
  }

  private byte typeAt(int index) {
    return types[(head + index) & (types.length - 1)];
  }

  private int indexOf(byte one, byte other) {
    for (int i = 0; i < count; i++) {
      byte type = typeAt(i);
      if (type == one || type == other) {
        return i;
      }
    }
    return -1;
  }

  private void drop(int number) {
    for (int i = number - 1; i >= 0; i--) {
      int slot = (head + i) & (types.length - 1);
      Outcome outcome = outcomes[slot];
      outcomes[slot] = null;
      statements[slot] = null;
      if (outcome != null) {
        outcome.skipped();
      }
    }
    head = (head + number) & (types.length - 1);
    count -= number;
  }

  private void grow() {
    int size = types.length;
    byte[] moreTypes = new byte[size * 2];
    byte[] moreActions = new byte[size * 2];
    @Nullable Outcome[] moreOutcomes = new @Nullable Outcome[size * 2];
    @Nullable Statement[] moreStatements = new @Nullable Statement[size * 2];
    for (int i = 0; i < count; i++) {
      int slot = (head + i) & (size - 1);
      moreTypes[i] = types[slot];
      moreActions[i] = actions[slot];
      moreOutcomes[i] = outcomes[slot];
      moreStatements[i] = statements[slot];
    }
    types = moreTypes;
    actions = moreActions;
    outcomes = moreOutcomes;
    statements = moreStatements;
    head = 0;
  }
}
