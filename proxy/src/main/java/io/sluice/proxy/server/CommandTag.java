package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.proxy.HotPath;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the tag of a CommandComplete: {@code 'C' | int32 length | cstr tag}. Two of them mean
 * that the server has forgotten what was prepared, two that parameters have changed.
 */
@HotPath
final class CommandTag {
  private static final byte[] DEALLOCATE_ALL = tag("DEALLOCATE ALL");
  private static final byte[] DISCARD_ALL = tag("DISCARD ALL");
  private static final byte[] PREPARE = tag("PREPARE");
  private static final byte[] DEALLOCATE = tag("DEALLOCATE");
  private static final byte[] RESET = tag("RESET");

  private CommandTag() {}

  private static byte[] tag(String text) {
    return (text + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Follows a command of a client, or a reset query, that changes what the session has.
   *
   * @return whether it has dropped prepared statements
   */
  static boolean apply(Server server, ByteBuf view, int bodyStart, int bodyLength) {
    boolean drops =
        CStrings.equals(view, bodyStart, bodyLength, DEALLOCATE_ALL)
            || CStrings.equals(view, bodyStart, bodyLength, DISCARD_ALL);
    if (server.requests().size() == 1
        && CStrings.equals(view, bodyStart, bodyLength, DISCARD_ALL)) {
      // Alone: what was sent behind it may have left something again.
      server.session().forgetAll();
    }
    if (CStrings.equals(view, bodyStart, bodyLength, RESET)) {
      server.vars().reset();
    } else if (CStrings.equals(view, bodyStart, bodyLength, DISCARD_ALL)) {
      server.vars().discarded();
    }
    if (CStrings.equals(view, bodyStart, bodyLength, PREPARE)) {
      server.session().prepared();
    } else if (CStrings.equals(view, bodyStart, bodyLength, DEALLOCATE)) {
      server.session().deallocated();
    }
    if (drops) {
      server.session().allDeallocated();
      server.statements().dropBefore(server.requests().headNumber());
    }
    return drops;
  }
}
