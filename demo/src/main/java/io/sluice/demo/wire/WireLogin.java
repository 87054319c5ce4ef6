package io.sluice.demo.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client says of itself in its StartupMessage, and its password.
 *
 * @param protocol the version asked for, major in the upper and minor in the lower 16 bits
 * @param parameters all parameters in the order of sending, {@code user} and {@code database} too
 * @param password answers every password request; empty for none
 */
public record WireLogin(int protocol, Map<String, String> parameters, String password) {
  /** Protocol 3.0. */
  public static final int PROTOCOL_3_0 = 3 << 16;

  /** Protocol 3.2, with cancel keys longer than four bytes. */
  public static final int PROTOCOL_3_2 = 3 << 16 | 2;

  /** Keeps the order of the parameters. */
  public WireLogin {
    parameters = new LinkedHashMap<>(parameters);
  }

  /** Logs in with protocol 3.0 and no parameter but the two names. */
  public static WireLogin of(String user, String database) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("user", user);
    names.put("database", database);
    return new WireLogin(PROTOCOL_3_0, names, "");
  }

  /** Answers password requests with {@code newPassword}. */
  public WireLogin password(String newPassword) {
    return new WireLogin(protocol, parameters, newPassword);
  }

  /** Adds a startup parameter. */
  public WireLogin with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new WireLogin(protocol, more, password);
  }

  /** Asks for another version of the protocol. */
  public WireLogin protocol(int version) {
    return new WireLogin(version, parameters, password);
  }

  /** Returns the user's name. */
  public String user() {
    return parameters.getOrDefault("user", "");
  }

  @Override
  public String toString() {
    return (protocol >> 16) + "." + (protocol & 0xFFFF) + " " + parameters;
  }
}
