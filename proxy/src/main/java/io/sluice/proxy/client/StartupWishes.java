package io.sluice.proxy.client;

import io.sluice.protocol.ProtocolVersion;
import io.sluice.proxy.server.Replication;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What of a StartupMessage goes to PostgreSQL unread, where a client gets a server of its own.
 * Immutable.
 *
 * @param parameters names and values, in the client's order
 * @param replication the kind of connection
 * @param version of the protocol that the client speaks with us
 */
record StartupWishes(
    Map<String, String> parameters, Replication replication, ProtocolVersion version) {
  private static final String APPLICATION_NAME = "application_name";

  /** Takes everything that PostgreSQL has to know and we do not say ourselves. */
  static StartupWishes of(Map<String, String> sent, ProtocolVersion version) {
    Map<String, String> parameters = new LinkedHashMap<>();
    sent.forEach(
        (name, value) -> {
          if (!name.equals("user") && !name.equals("database") && !name.startsWith("_pq_.")) {
            parameters.put(name, value);
          }
        });
    return new StartupWishes(parameters, Replication.of(sent.get("replication")), version);
  }

  /** The same, with the client's address in its name (application_name_add_host). */
  StartupWishes withHost(ClientAddress address) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(APPLICATION_NAME, address.addedTo(more.get(APPLICATION_NAME)));
    return new StartupWishes(more, replication, version);
  }
}
