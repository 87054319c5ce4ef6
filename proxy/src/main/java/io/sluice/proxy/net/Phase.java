package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;

/**
 * What a connection does with the bytes it reads, at one step of its life: one class per step.
 *
 * <p>Called on the connection's event loop only.
 */
public interface Phase {
  /**
   * Takes bytes just read.
   *
   * @throws io.sluice.protocol.ProtocolViolation when the peer broke the protocol; the connection
   *     then calls {@link #onViolation}
   */
  void onRead(ByteBuf owned);

  /** The peer drains again, or stopped draining, what was written to it. */
  default void onWritability(boolean writable) {}

  /** The peer broke the protocol. */
  void onViolation(String sqlState, String text);

  /**
   * The connection has ended: the peer closed it, or the network failed.
   *
   * @param cause what the network said, in a few words
   */
  void onClosed(String cause);
}
