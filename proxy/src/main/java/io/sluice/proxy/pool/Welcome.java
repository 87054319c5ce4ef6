package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.server.TrackedParameters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pool tells its clients at login: the parameters that its first server reported. Immutable.
 */
public final class Welcome {
  private static final int FIRST_EXACT = 12;

  /** More digits than any release has, and fewer than an int overflows with. */
  private static final int MAX_DIGITS = 6;

  private static final byte[] NOTHING = {};

  /** ParameterStatus messages: logins are many, and this is most of what they are answered with. */
  private final byte[] untracked;

  private final byte[][] tracks;
  private final SessionVars tracked;
  private final int release;

  /** Takes what a server has reported. */
  public Welcome(Server server) {
    TrackedParameters names = server.vars().tracked();
    Map<String, String> parameters = new LinkedHashMap<>();
    server
        .parameters()
        .forEach(
            (name, value) -> {
              if (names.indexOf(name) < 0) {
                parameters.put(name, value);
              }
            });
    untracked = messages(parameters);
    tracked = new SessionVars(names);
    tracks = new byte[names.count()][];
    for (int i = 0; i < names.count(); i++) {
      String value = server.vars().get(i);
      tracks[i] = value == null ? NOTHING : messages(Map.of(names.name(i), value));
      if (value != null) {
        tracked.set(i, value);
      }
    }
    release = release(parameters.getOrDefault("server_version", ""));
  }

  /** ParameterStatus messages, in the order of the map. */
  static byte[] messages(Map<String, String> parameters) {
    ByteBuf out = Unpooled.buffer();
    parameters.forEach((name, value) -> BackendWriter.parameterStatus(out, name, value));
    return ByteBufUtil.getBytes(out);
  }

  /** The number that a version begins with: 17 of {@code 17.2 (Debian 17.2-1)}; 0 if none does. */
  private static int release(String version) {
    int end = 0;
    while (end < Math.min(version.length(), MAX_DIGITS) && Character.isDigit(version.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Integer.parseInt(version.substring(0, end));
  }

  /** Writes the parameters that are not tracked, in the server's order. */
  public void writeUntracked(ByteBuf out) {
    out.writeBytes(untracked);
  }

  /** Writes a tracked parameter as a new server has it. */
  public void writeTracked(ByteBuf out, int index) {
    out.writeBytes(tracks[index]);
  }

  /**
   * Says whether a value of extra_float_digits is what every session has: from PostgreSQL 12 on all
   * values above 0 print numbers exactly.
   */
  public boolean printsExactly(String extraFloatDigits) {
    return release >= FIRST_EXACT
        && extraFloatDigits.length() == 1
        && extraFloatDigits.charAt(0) >= '1'
        && extraFloatDigits.charAt(0) <= '3';
  }

  /** The tracked parameters as a new server has them. */
  public SessionVars tracked() {
    return tracked;
  }
}
