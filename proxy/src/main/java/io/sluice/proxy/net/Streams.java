package io.sluice.proxy.net;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.sluice.proxy.HotPath;
import java.util.ArrayDeque;

/**
 * Connections that send more than a receive buffer at once, in the order in which they are read.
 *
 * <p>Epoll says of them all, each time, that there is something to read. They are read behind the
 * events of a round, one of eight at a time: a small query waits for one piece of one large result,
 * not for pieces of all of them. Confined to its event loop.
 */
@HotPath
final class Streams {
  /**
   * One more is read in a round for this many that wait, so that looking for events stays cheap.
   */
  private static final int READ_OF = 8;

  private final SingleThreadEventLoop loop;
  private final ArrayDeque<SocketCarrier> waiting = new ArrayDeque<>();

  /** One object each for all rounds. */
  private final Runnable readNext = this::readNext;

  private final Runnable readBehindEvents = this::readBehindEvents;

  private boolean due;

  Streams(EventLoop loop) {
    this.loop = (SingleThreadEventLoop) loop;
  }

  /** Puts a connection that is not in here behind the others. */
  void add(SocketCarrier stream) {
    waiting.add(stream);
    if (!due) {
      due = true;
      readBehindEvents();
    }
  }

  private void readBehindEvents() {
    loop.executeAfterEventLoopIteration(readNext);
  }

  private void readNext() {
    try {
      for (int left = 1 + waiting.size() / READ_OF; left > 0 && !waiting.isEmpty(); left--) {
        waiting.remove().streamTurn();
      }
    } finally {
      due = !waiting.isEmpty();
      if (due) {
        // By way of the tasks of the next round: behind this one, it would run before its events.
        loop.execute(readBehindEvents);
      }
    }
  }
}
