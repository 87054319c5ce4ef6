package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.ErrorFields;

/** Who hears the notifications of a server that does nothing but listen. */
public interface Hearing {
  /**
   * A NotificationResponse has come.
   *
   * @param start where the message begins, with its type
   * @param length of the whole message
   */
  void heard(ByteBuf view, int start, int length);

  /** PostgreSQL has refused a statement, or ends the connection. */
  void failed(ErrorFields error);

  /** The statements that were sent are done. */
  void done();
}
