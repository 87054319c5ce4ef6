package io.sluice.proxy.pool;

import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.server.TrackedParameters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pool tells its clients at login: the parameters that its first server reported. Immutable.
 */
public final class Welcome {
  private final Map<String, String> parameters;
  private final SessionVars tracked;

  /** Takes what a server has reported. */
  public Welcome(Server server) {
    TrackedParameters names = server.vars().tracked();
    parameters = new LinkedHashMap<>();
    server
        .parameters()
        .forEach(
            (name, value) -> {
              if (names.indexOf(name) < 0) {
                parameters.put(name, value);
              }
            });
    tracked = new SessionVars(names);
    for (int i = 0; i < names.count(); i++) {
      String value = server.vars().get(i);
      if (value != null) {
        tracked.set(i, value);
      }
    }
  }

  /** The parameters that are not tracked, in the server's order. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** The tracked parameters as a new server has them. */
  public SessionVars tracked() {
    return tracked;
  }
}
