package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A database as clients see it, and how to reach it in PostgreSQL. Immutable.
 *
 * @param name the name that clients ask for
 * @param dbname the name in PostgreSQL
 * @param hosts where PostgreSQL is; empty means the Unix socket in {@code unix_socket_dir}
 * @param port port of PostgreSQL
 * @param user user as whom all servers log in, or null for the client's own
 * @param password where the password of {@code user} comes from, or null
 * @param connectQuery query for each new server, or null
 * @param authUser user of auth_query if not the global one
 * @param authQuery auth_query if not the global one
 * @param authDbname database of auth_query if not the global one
 * @param loadBalanceHosts how the next host is chosen
 * @param clientEncoding startup parameter for servers, or null
 * @param datestyle startup parameter for servers, or null
 * @param timezone startup parameter for servers, or null
 * @param applicationName startup parameter for servers, or null
 * @param values everything the entry gives, with its places; the overrides of global settings are
 *     only here
 */
public record DatabaseConfig(
    String name,
    String dbname,
    HostList hosts,
    int port,
    @Nullable String user,
    @Nullable PasswordSource password,
    @Nullable String connectQuery,
    @Nullable String authUser,
    @Nullable String authQuery,
    @Nullable String authDbname,
    LoadBalanceHosts loadBalanceHosts,
    @Nullable String clientEncoding,
    @Nullable String datestyle,
    @Nullable String timezone,
    @Nullable String applicationName,
    Values values) {

  public DatabaseConfig {
    requireNonNull(name, "name");
    requireNonNull(dbname, "dbname");
    requireNonNull(hosts, "hosts");
    requireNonNull(loadBalanceHosts, "loadBalanceHosts");
    requireNonNull(values, "values");
  }

  /** Makes a database from what its entry gives. */
  public static DatabaseConfig of(String name, Values values) {
    return new DatabaseConfig(
        name,
        orElse(values.find(Settings.DBNAME), name),
        orElse(values.find(Settings.HOST), HostList.NONE),
        orElse(values.find(Settings.PORT), defaultPort()),
        values.find(Settings.DATABASE_USER),
        values.find(Settings.PASSWORD),
        values.find(Settings.CONNECT_QUERY),
        values.find(Settings.AUTH_USER),
        values.find(Settings.AUTH_QUERY),
        values.find(Settings.AUTH_DBNAME),
        orElse(values.find(Settings.LOAD_BALANCE_HOSTS), LoadBalanceHosts.ROUND_ROBIN),
        values.find(Settings.CLIENT_ENCODING),
        values.find(Settings.DATESTYLE),
        values.find(Settings.TIMEZONE),
        values.find(Settings.APPLICATION_NAME),
        values);
  }

  /** Makes the same database under another name, as the {@code *} entry does for each new name. */
  public DatabaseConfig forName(String newName) {
    return of(newName, values);
  }

  /**
   * Says whether servers of this database may go on serving the other: same place, same user, same
   * preparation. Pool sizes, limits and the password act on new connections only.
   */
  public boolean sameServer(DatabaseConfig other) {
    return dbname.equals(other.dbname)
        && hosts.equals(other.hosts)
        && port == other.port
        && same(user, other.user)
        && same(connectQuery, other.connectQuery)
        && same(authDbname, other.authDbname)
        && same(authQuery, other.authQuery)
        && loadBalanceHosts == other.loadBalanceHosts;
  }

  /** Names the entry and what it gives, without the password. */
  @Override
  public String toString() {
    return "DatabaseConfig[" + name + ' ' + values + ']';
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static int defaultPort() {
    return requireNonNull(Settings.PORT.defaultValue(), "port");
  }

  private static boolean same(@Nullable String one, @Nullable String other) {
    return java.util.Objects.equals(one, other);
  }
}
