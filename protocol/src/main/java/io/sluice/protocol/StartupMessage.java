package io.sluice.protocol;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Opens a session: {@code int32 length | int32 version | (cstr name | cstr value)* | NUL}.
 *
 * @param version what the client asks for: 3 and any minor version
 * @param parameters in the order of the packet; of a name that comes twice, the last value
 */
public record StartupMessage(ProtocolVersion version, Map<String, String> parameters)
    implements StartupPacket {
  /** PostgreSQL has about 400 settings; each entry takes some 100 bytes of heap beside its text. */
  private static final int MAX_PARAMETERS = 500;

  private static final String BAD_LAYOUT =
      "invalid startup packet layout: expected terminator as last byte";

  /** Copies the parameters. */
  public StartupMessage {
    requireNonNull(version, "version");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Reads what follows the version. */
  static StartupMessage parseBody(ProtocolVersion version, ByteBuf body) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String name = string(body);
    while (!name.isEmpty()) {
      parameters.put(name, string(body));
      if (parameters.size() > MAX_PARAMETERS) {
        throw new ProtocolViolation("more than " + MAX_PARAMETERS + " startup parameters");
      }
      name = string(body);
    }
    if (body.isReadable()) {
      throw new ProtocolViolation(BAD_LAYOUT);
    }
    return new StartupMessage(version, parameters);
  }

  private static String string(ByteBuf body) {
    int length = CStrings.length(body, body.readerIndex(), body.writerIndex());
    if (length < 0) {
      throw new ProtocolViolation(BAD_LAYOUT);
    }
    return CStrings.take(body, length);
  }
}
