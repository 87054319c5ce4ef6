package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Another pooler that takes cancel requests for its own clients. Immutable.
 *
 * @param id its peer_id
 * @param host name, address or directory of its Unix socket
 * @param port its port
 * @param values everything the entry gives, with its places
 */
public record PeerConfig(int id, String host, int port, Values values) {
  public PeerConfig {
    requireNonNull(host, "host");
    requireNonNull(values, "values");
  }

  /** Most cancel requests on their way to the peer, or null for default_pool_size. */
  public @Nullable Integer poolSize() {
    return values.find(Settings.POOL_SIZE);
  }
}
