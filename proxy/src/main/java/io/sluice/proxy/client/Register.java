package io.sluice.proxy.client;

import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.proxy.catalog.Quota;
import org.jspecify.annotations.Nullable;

/** What the clients of all event loops have in common: their number and their keys. Thread-safe. */
public final class Register {
  private final Quota connections = new Quota();
  private final CancelKeys<Client> keys = new CancelKeys<>();

  /** All client connections, also those that are logging in. */
  Quota connections() {
    return connections;
  }

  synchronized CancelKey giveKey(Client client, int peerId, ProtocolVersion version) {
    return keys.give(client, peerId, version);
  }

  synchronized CancelKey giveOwnKey(Client client, int processId, ProtocolVersion version) {
    return keys.giveOwn(client, processId, version);
  }

  synchronized void forget(CancelKey key) {
    keys.forget(key);
  }

  /** The client with a key, on whatever loop; null if nobody has it. */
  synchronized @Nullable Client find(CancelKey key) {
    return keys.find(key);
  }
}
