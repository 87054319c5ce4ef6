package io.sluice.proxy.pool;

import io.sluice.config.value.DatabaseConfig;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.scram.ScramKeys;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.catalog.LearnedSecret;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.LoginSecret;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.server.ServerTarget;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What servers of a pool are told at login: parameters, and how we prove who we are. */
final class ServerTargets {
  private ServerTargets() {}

  /**
   * What a server is told.
   *
   * @param guest for whom alone it is made, or null
   * @param version of the protocol that is asked for
   */
  static ServerTarget of(
      Pool pool,
      @Nullable Guest guest,
      ProtocolVersion version,
      Destination to,
      SocketAddress address,
      String display) {
    DatabaseConfig config = pool.database().config();
    return new ServerTarget(
        to.listed(),
        address,
        to.port(),
        display,
        version,
        startup(config, pool.user(), guest == null ? Map.of() : guest.startup()),
        secret(config, pool),
        pool.settings().channelBinding(),
        // A physical replication connection knows no SQL, a logical one wants none of ours.
        guest != null && guest.replication() != Replication.NONE ? null : config.connectQuery());
  }

  private static Map<String, String> startup(
      DatabaseConfig config, User user, Map<String, String> wishes) {
    Map<String, String> startup = new LinkedHashMap<>();
    startup.put("database", config.dbname());
    putIfSet(startup, "client_encoding", config.clientEncoding());
    putIfSet(startup, "datestyle", config.datestyle());
    putIfSet(startup, "timezone", config.timezone());
    putIfSet(startup, "application_name", config.applicationName());
    // PostgreSQL takes the last value of a name, in whatever case it is written.
    startup.putAll(wishes);
    startup.put("user", user.name());
    return startup;
  }

  private static void putIfSet(Map<String, String> startup, String name, @Nullable String value) {
    if (value != null) {
      startup.put(name, value);
    }
  }

  /** password= of the entry; else what the user list has; else what a client's login proved. */
  private static LoginSecret secret(DatabaseConfig config, Pool pool) {
    User user = pool.user();
    if (config.password() != null && user.name().equals(config.user())) {
      return of(pool.launcher().password());
    }
    Credentials listed = user.credentials();
    if (listed != null) {
      return of(listed, config.user() == null ? user.scramKeys() : null);
    }
    LearnedSecret learned = pool.database().learned(user.name());
    return learned == null ? LoginSecret.NONE : of(learned.secret(), learned.keys());
  }

  private static LoginSecret of(@Nullable String password) {
    return password == null
        ? LoginSecret.missing("the password of the database is not known yet")
        : new LoginSecret(password, password, null, null);
  }

  private static LoginSecret of(Credentials secret, @Nullable ScramKeys keys) {
    return new LoginSecret(secret.stored(), secret.plain(), secret.md5(), keys);
  }
}
