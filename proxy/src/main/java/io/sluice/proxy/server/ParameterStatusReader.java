package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import java.nio.charset.StandardCharsets;

/**
 * Reads ParameterStatus: {@code 'S' | int32 length | cstr name | cstr value}.
 *
 * <p>Rare: PostgreSQL sends it at login and when a value changes.
 */
final class ParameterStatusReader {
  private ParameterStatusReader() {}

  /** Notes a tracked value with the server and its holder; closes the server when it is broken. */
  static void read(Server server, ByteBuf view, int bodyStart, int bodyLength) {
    int end = bodyStart + bodyLength;
    int nameLength = CStrings.length(view, bodyStart, end);
    int valueStart = bodyStart + nameLength + 1;
    int valueLength = nameLength < 0 ? -1 : CStrings.length(view, valueStart, end);
    if (valueLength < 0 || valueStart + valueLength + 1 != end) {
      server.close(ServerClose.BROKEN_PARAMETER);
      return;
    }
    String name = view.toString(bodyStart, nameLength, StandardCharsets.UTF_8);
    int index = server.vars().tracked().indexOf(name);
    if (index < 0) {
      return;
    }
    String value = view.toString(valueStart, valueLength, StandardCharsets.UTF_8);
    server.vars().report(index, value);
    ReplySink sink = server.sink();
    if (sink != null) {
      sink.parameterChanged(index, value);
    }
  }
}
