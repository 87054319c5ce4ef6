package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The sending side of one connection, as the relay sees it: bytes go out in order, reading can be
 * paused.
 *
 * <p>Reading is paused for reasons, each set and cleared on its own; the connection reads while no
 * reason holds. Confined to its event loop.
 */
public interface Link {
  /** Pause reason: the client waits for a server. */
  int WAITING = 1;

  /** Pause reason: the other side of the relay does not drain what was read here. */
  int PEER_FULL = 1 << 1;

  /** Pause reason: SUSPEND. */
  int SUSPENDED = 1 << 2;

  /** Pause reason: an answer from elsewhere (a login worker, the console) is awaited. */
  int HELD = 1 << 3;

  /** Pause reason: the peer does not read what we answer in the other side's place. */
  int ANSWERS_FULL = 1 << 4;

  /** Pause reason: more answers of ours wait for their turn than a peer may have. */
  int QUEUE_FULL = 1 << 5;

  /** Pause reason: memory_limit is near, and what was read would have to be kept. */
  int MEMORY = 1 << 6;

  /** Queues bytes; they leave at the end of the loop's turn at the latest. */
  void write(ByteBuf owned);

  /** Stops reading for a reason. */
  void pause(int reason);

  /** Takes a reason back; reading goes on when none is left. */
  void resume(int reason);

  /** Says whether less is queued here than the high-water mark. */
  boolean isWritable();

  /** Sends what is queued, then closes. Nothing is read from here on. */
  void close();

  /** Where buffers for {@link #write} come from. */
  ByteBufAllocator alloc();
}
