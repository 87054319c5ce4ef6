package io.sluice.proxy.server;

import io.sluice.protocol.FrontendType;
import io.sluice.proxy.HotPath;
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

  /** The answer is dropped. */
  public static final byte SWALLOW = 1;

  /** There will be no answer: we make one. */
  public static final byte FAKE = 2;

  /** No request. */
  public static final byte NONE = 0;

  /** With more requests than this a client that adds answers of ours is not read from. */
  public static final int MANY = 1 << 16;

  private static final int FIRST_SIZE = 16;

  private byte[] types = new byte[FIRST_SIZE];
  private byte[] actions = new byte[FIRST_SIZE];
  private @Nullable Undo[] undos = new @Nullable Undo[FIRST_SIZE];
  private int head;
  private int count;
  private boolean skippingToSync;
  private boolean unsettled;

  /** Adds a request at the end. */
  public void add(byte type, byte action, @Nullable Undo undo) {
    if (count == types.length) {
      grow();
    }
    int slot = (head + count) & (types.length - 1);
    types[slot] = type;
    actions[slot] = action;
    undos[slot] = undo;
    count++;
    unsettled |= action != FAKE;
    if (type == FrontendType.SYNC) {
      skippingToSync = false;
    }
  }

  /** Adds a request whose answer goes to the client. */
  public void forward(byte type) {
    add(type, FORWARD, null);
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
    removeHead();
    skipCopyEnds();
  }

  private void removeHead() {
    undos[head] = null;
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
   * next Sync, which stays. Each is undone, the latest first.
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
   * data. The Query stays: ReadyForQuery answers it.
   */
  public void dropToCopyEndAfterHead() {
    byte type = types[head];
    byte action = actions[head];
    removeHead();
    dropToCopyEnd();
    head = (head - 1) & (types.length - 1);
    types[head] = type;
    actions[head] = action;
    count++;
  }

  /** An error ended a COPY begun by an Execute. */
  public void failCopy() {
    if (!dropToCopyEnd()) {
      drop(count);
    }
    failToSync();
  }

  /** Forgets everything without undoing it. */
  public void clear() {
    Arrays.fill(undos, null);
    count = 0;
    skippingToSync = false;
    unsettled = false;
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

  private int indexOf(byte one, byte other) {
    for (int i = 0; i < count; i++) {
      byte type = types[(head + i) & (types.length - 1)];
      if (type == one || type == other) {
        return i;
      }
    }
    return -1;
  }

  private void drop(int number) {
    for (int i = number - 1; i >= 0; i--) {
      int slot = (head + i) & (types.length - 1);
      Undo undo = undos[slot];
      undos[slot] = null;
      if (undo != null) {
        undo.undo();
      }
    }
    head = (head + number) & (types.length - 1);
    count -= number;
  }

  private void grow() {
    int size = types.length;
    byte[] moreTypes = new byte[size * 2];
    byte[] moreActions = new byte[size * 2];
    @Nullable Undo[] moreUndos = new @Nullable Undo[size * 2];
    for (int i = 0; i < count; i++) {
      int slot = (head + i) & (size - 1);
      moreTypes[i] = types[slot];
      moreActions[i] = actions[slot];
      moreUndos[i] = undos[slot];
    }
    types = moreTypes;
    actions = moreActions;
    undos = moreUndos;
    head = 0;
  }
}
