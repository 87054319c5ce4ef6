package io.sluice.proxy.net;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.sluice.proxy.HotPath;
import java.util.ArrayDeque;

/**
 * Connections whose last read was of a large result or a COPY, in the order in which they are read.
 *
 * <p>Epoll says of them all, each time, that there is something to read. They are read behind the
 * events of a round, not each of them but one, so that a small query waits for one piece of one
 * large result; and one more for some small reads that the round had, so that many small queries do
 * not keep streams from their share of the loop. Confined to its event loop.
 */
@HotPath
final class Streams {
  /**
   * One more is read in a round for this many that wait, so that looking for events stays cheap.
   */
  private static final int READ_OF = 8;

  /** A piece of a stream takes about as long as so many small reads and what follows from them. */
  private static final int SMALL_READS = 8;

  private final SingleThreadEventLoop loop;
  private final ArrayDeque<SocketCarrier> waiting = new ArrayDeque<>();

  /** One object each for all rounds. */
  private final Runnable readNext = this::readNext;

  private final Runnable readBehindEvents = this::readBehindEvents;

  private boolean due;

  /** Since the last piece; so many as are there without a stream, when one comes. */
  private int smallReads;

  Streams(EventLoop loop) {
    this.loop = (SingleThreadEventLoop) loop;
  }

  /** Something small has been read. */
  void passed() {
    smallReads++;
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
    if (!loop.isShuttingDown()) {
      loop.executeAfterEventLoopIteration(readNext);
    }
  }

  private void readNext() {
    try {
      int pieces = 1 + waiting.size() / READ_OF + smallReads / SMALL_READS;
      for (int left = Math.min(pieces, waiting.size()); left > 0; left--) {
        waiting.remove().streamTurn();
      }
    } finally {
      smallReads = 0;
      due = !waiting.isEmpty();
      if (due) {
        // By way of the tasks of the next round: behind this one, it would run before its events.
        loop.execute(readBehindEvents);
      }
    }
  }
}
