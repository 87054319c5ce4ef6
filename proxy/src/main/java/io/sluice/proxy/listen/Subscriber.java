package io.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;

/** Whoever listens: a client. */
public interface Subscriber {
  /**
   * A NotificationResponse has come for a channel of the subscriber's.
   *
   * @param start where the message begins, with its type
   * @param length of the whole message
   */
  void notified(ByteBuf view, int start, int length);

  /** PostgreSQL listens on every channel that the subscriber has asked for. */
  void confirmed();

  /** Listening cannot begin. */
  void failed(String reason);

  /** The connection was lost and is back: notifications may have been missed. */
  void resumed();
}
