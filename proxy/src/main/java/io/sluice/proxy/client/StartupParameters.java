package io.sluice.proxy.client;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.StartupMessage;
import io.sluice.protocol.StartupOptions;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.server.TrackedParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for in its StartupMessage beside user and database: values of tracked
 * parameters. Immutable.
 *
 * @param wishes position of a tracked parameter, and the value that the client wants
 * @param version of the protocol that the client speaks with us
 */
record StartupParameters(Map<Integer, String> wishes, ProtocolVersion version) {
  static final StartupParameters EMPTY = new StartupParameters(Map.of(), ProtocolVersion.V3_0);

  private static final String OPTIONS = "options";

  /**
   * Reads the parameters.
   *
   * @param lenient whether what is not known is ignored: the console takes every driver
   * @throws ProtocolViolation 08P01 for a parameter that can be neither tracked nor ignored
   */
  static StartupParameters read(
      StartupMessage message, TrackedParameters tracked, Values values, boolean lenient) {
    List<String> ignored = values.get(Settings.IGNORE_STARTUP_PARAMETERS);
    Map<Integer, String> wishes = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : message.parameters().entrySet()) {
      String key = parameter.getKey();
      if (key.equals(OPTIONS)) {
        readOptions(parameter.getValue(), tracked, ignored, wishes, lenient);
      } else if (!isOurs(key)) {
        int index = tracked.indexOf(key);
        boolean dropped = lenient || ignored.contains(key);
        if (isTaken(index, dropped, tracked)) {
          wishes.put(index, parameter.getValue());
        } else if (!dropped) {
          throw new ProtocolViolation("unsupported startup parameter: " + key);
        }
      }
    }
    return new StartupParameters(Map.copyOf(wishes), message.version().orNewest());
  }

  private static boolean isOurs(String key) {
    return key.equals("user")
        || key.equals("database")
        || key.equals("replication")
        || key.startsWith("_pq_.");
  }

  private static boolean isTaken(int index, boolean dropped, TrackedParameters tracked) {
    return index >= 0 && !(dropped && tracked.mayBeIgnored(index));
  }

  private static void readOptions(
      String text,
      TrackedParameters tracked,
      List<String> ignored,
      Map<Integer, String> wishes,
      boolean lenient) {
    if (lenient) {
      return;
    }
    for (Map.Entry<String, String> option : StartupOptions.parse(text).entrySet()) {
      int index = tracked.indexOf(option.getKey());
      boolean dropped = ignored.contains(option.getKey());
      if (isTaken(index, dropped, tracked)) {
        wishes.put(index, option.getValue());
      } else if (!dropped && !ignored.contains(OPTIONS)) {
        throw new ProtocolViolation("unsupported startup parameter in options: " + option.getKey());
      }
    }
  }

  /** The wishes as variables of a session. */
  SessionVars vars(TrackedParameters tracked) {
    SessionVars vars = new SessionVars(tracked);
    wishes.forEach(vars::wish);
    return vars;
  }
}
