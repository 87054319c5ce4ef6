package io.sluice.proxy.pool;

import io.sluice.config.value.DatabaseConfig;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.server.LoginSecret;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.server.ServerTarget;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What servers of a pool are told at login: parameters, and how we prove who we are. */
final class ServerTargets {
  private ServerTargets() {}

  static ServerTarget of(
      Database database,
      User user,
      Pools pools,
      Destination to,
      SocketAddress address,
      String display) {
    DatabaseConfig config = database.config();
    return new ServerTarget(
        to.listed(),
        address,
        to.port(),
        display,
        startup(config, user),
        secret(config, user),
        config.connectQuery());
  }

  private static Map<String, String> startup(DatabaseConfig config, User user) {
    Map<String, String> startup = new LinkedHashMap<>();
    startup.put("database", config.dbname());
    putIfSet(startup, "client_encoding", config.clientEncoding());
    putIfSet(startup, "datestyle", config.datestyle());
    putIfSet(startup, "timezone", config.timezone());
    putIfSet(startup, "application_name", config.applicationName());
    startup.put("user", user.name());
    return startup;
  }

  private static void putIfSet(Map<String, String> startup, String name, @Nullable String value) {
    if (value != null) {
      startup.put(name, value);
    }
  }

  /** password= of the entry; else what the user list has; else what a client's login proved. */
  private static LoginSecret secret(DatabaseConfig config, User user) {
    String password = config.password();
    if (password != null && config.user() != null) {
      return new LoginSecret(password, password, null, null);
    }
    Credentials credentials = user.credentials();
    if (credentials == null) {
      return LoginSecret.NONE;
    }
    return new LoginSecret(
        credentials.stored(),
        credentials.plain(),
        credentials.md5(),
        config.user() == null ? user.scramKeys() : null);
  }
}
