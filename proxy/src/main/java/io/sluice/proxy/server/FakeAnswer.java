package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.HotPath;

/** The answers that we give in PostgreSQL's place to requests that it was not sent. */
@HotPath
public final class FakeAnswer {
  private FakeAnswer() {}

  /**
   * Writes the answer to a request.
   *
   * @param type Parse or Close
   */
  public static void write(ByteBuf out, byte type) {
    if (type == FrontendType.PARSE) {
      BackendWriter.parseComplete(out);
    } else if (type == FrontendType.CLOSE) {
      BackendWriter.closeComplete(out);
    } else {
      throw new IllegalStateException("no answer for " + FrontendType.describe(type));
    }
  }
}
