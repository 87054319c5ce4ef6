package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;

/** Who has a stake in how a transaction ends, and sees it before the client is told. */
public interface EndWatcher {
  /** An error goes to the client. */
  void failed();

  /** A command is complete: its tag, with the NUL. */
  void completed(ByteBuf view, int start, int length);

  /**
   * ReadyForQuery has come for the client. What was read before it is on its way.
   *
   * @param request the number of the request that it answers
   * @param status the transaction status
   * @return whether the client is told now; else the watcher tells it, and calls {@link
   *     Server#reportSettled}
   */
  boolean mayEnd(long request, byte status);
}
