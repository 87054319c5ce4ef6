package io.sluice.config.setting;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names that people write in the section {@code pgbouncer} and that are no settings there, each
 * with a sentence that says what to do instead. Immutable.
 */
public final class DefunctSettings {
  /**
   * A name that is no setting.
   *
   * @param ignored whether the file may still be used; otherwise it is refused
   * @param sentence what to do instead, lower case, no full stop
   */
  public record Defunct(boolean ignored, String sentence) {}

  private static final Map<String, Defunct> BY_NAME =
      Map.ofEntries(
          ignored("service_name", "names a Windows service; it does nothing here"),
          refused("pool_size", "belongs to a database or user; here it is default_pool_size"),
          refused("max_connections", "is PostgreSQL's; here it is max_client_conn"),
          refused("port", "is called listen_port here"),
          refused("host", "is called listen_addr here"),
          refused("listen_addresses", "is PostgreSQL's; here it is listen_addr"),
          refused("server_tls_dheparams", "exists only for clients, as client_tls_dheparams"),
          refused("server_tls_ecdhcurve", "exists only for clients, as client_tls_ecdhcurve"));

  private DefunctSettings() {}

  /** Finds what to say about a name, or null if there is nothing to say. */
  public static @Nullable Defunct find(String name) {
    return BY_NAME.get(name);
  }

  /** Lists the names with what to say about them. */
  public static Map<String, Defunct> all() {
    return BY_NAME;
  }

  private static Map.Entry<String, Defunct> ignored(String name, String sentence) {
    return Map.entry(name, new Defunct(true, sentence));
  }

  private static Map.Entry<String, Defunct> refused(String name, String sentence) {
    return Map.entry(name, new Defunct(false, sentence));
  }
}
