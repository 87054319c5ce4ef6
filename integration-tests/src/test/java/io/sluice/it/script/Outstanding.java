package io.sluice.it.script;

import io.sluice.demo.wire.WireMessage;

/**
 * What PostgreSQL still has to answer, so that a client knows when to stop reading. Follows the
 * protocol and knows nothing of poolers. Not thread-safe.
 *
 * <p>The queue holds the types of messages. Flush stands in it, because what comes before it is
 * answered without another message, and data of a COPY, because that eats what stands among it, and
 * may fail at any of it.
 */
final class Outstanding {
  private final StringBuilder queue = new StringBuilder();
  private boolean skipping;
  private boolean copyIn;
  private boolean unsettled;
  private char status = 'I';

  /** Notes a message that is being sent. */
  void sent(Request request) {
    char type = request.type();
    if (skipping && type != 'S') {
      return;
    }
    skipping = false;
    unsettled |= "PBDECQSF".indexOf(type) >= 0;
    queue.append(type);
  }

  /** Notes an answer. */
  void received(WireMessage message) {
    skipStrayData();
    switch (message.type()) {
      case '1' -> pop('P');
      case '2' -> pop('B');
      case '3' -> pop('C');
      case 'T', 'n' -> pop('D');
      case 's', 'I' -> pop('E');
      case 'G' -> copyIn = true;
      case 'C' -> complete();
      case 'E' -> failed();
      case 'Z' -> ready((char) message.body()[0]);
      default -> {}
    }
    skipStrayData();
  }

  /** Says whether an answer will come without another message. */
  boolean isAwaited() {
    skipStrayData();
    if (!copyIn) {
      return indexOf("SQFH") >= 0;
    }
    int end = indexOf("cfx");
    if (end < 0) {
      return false;
    }
    boolean fails = queue.charAt(end) != 'c';
    return fails
        || head() == 'Q'
        || queue.substring(end).chars().anyMatch(c -> "SQFH".indexOf(c) >= 0);
  }

  /** Says whether the client is in the middle of nothing. */
  boolean isFree() {
    skipStrayData();
    return queue.isEmpty() && status == 'I' && !unsettled && !copyIn && !skipping;
  }

  /** Says whether PostgreSQL waits for data of a COPY. */
  boolean isCopyIn() {
    return copyIn;
  }

  private char head() {
    return queue.isEmpty() ? 0 : queue.charAt(0);
  }

  private void pop(char type) {
    if (head() == type) {
      drop(1);
    }
  }

  private void complete() {
    if (copyIn) {
      copyIn = false;
      dropBehindHead(indexOf("c"));
    }
    pop('E');
  }

  private void failed() {
    if (copyIn) {
      copyIn = false;
      dropBehindHead(indexOf("cfx"));
    }
    if ("PBDEC".indexOf(head()) >= 0 && head() != 0) {
      int sync = indexOf("S");
      drop(sync < 0 ? queue.length() : sync);
      skipping = sync < 0;
    }
  }

  private void ready(char now) {
    status = now;
    drop(1);
    skipStrayData();
    if (queue.isEmpty()) {
      unsettled = false;
    }
  }

  /** Outside of a COPY its data means nothing; a Flush has done its work. */
  private void skipStrayData() {
    while (!copyIn && head() != 0 && "dxcfH".indexOf(head()) >= 0) {
      drop(1);
    }
  }

  /** A COPY has eaten everything up to here. */
  private void dropBehindHead(int index) {
    queue.delete(1, index + 1);
  }

  private void drop(int count) {
    queue.delete(0, count);
  }

  private int indexOf(String types) {
    for (int i = 0; i < queue.length(); i++) {
      if (types.indexOf(queue.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return queue + ", status " + status;
  }
}
