package io.sluice.it;

import io.sluice.demo.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ini file in the making, with the user list beside it. Every setting can be replaced; the last
 * value wins. Not thread-safe.
 */
final class SluiceConfig {
  /** May use the whole console. */
  static final String ADMIN = "admin";

  /** May only look at the console. */
  static final String STATS = "stats";

  /**
   * Names the system property with settings for every Sluice that a test starts, such as {@code
   * "transport=io_uring"} or {@code "workers=2 so_reuseport=1"}.
   */
  private static final String EXTRA = "sluice.settings";

  private final Map<String, String> databases = new LinkedHashMap<>();
  private final Map<String, String> users = new LinkedHashMap<>();
  private final Map<String, String> peers = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> passwords = new LinkedHashMap<>();

  private SluiceConfig() {
    for (String line : System.getProperty(EXTRA, "").split("\\s+")) {
      String[] parts = line.split("=", 2);
      if (parts.length == 2) {
        set(parts[0], parts[1]);
      }
    }
  }

  /** Begins with no database, {@code auth_type = trust} and the users of the console. */
  static SluiceConfig empty() {
    return new SluiceConfig()
        .set("listen_addr", "127.0.0.1")
        .set("auth_type", "trust")
        .set("admin_users", ADMIN)
        .set("stats_users", STATS)
        .password(ADMIN, "")
        .password(STATS, "")
        .password("postgres", "");
  }

  /** Begins with every database of a PostgreSQL, by TCP, for its superuser. */
  static SluiceConfig before(EmbeddedPostgres postgres) {
    return empty().database("*", "host=127.0.0.1 port=" + postgres.port());
  }

  /** Sets a line of {@code [pgbouncer]}. */
  SluiceConfig set(String name, Object value) {
    settings.put(name, value.toString());
    return this;
  }

  /** Leaves a setting out of {@code [pgbouncer]}. */
  SluiceConfig unset(String name) {
    settings.remove(name);
    return this;
  }

  /** Sets a line of {@code [databases]}. */
  SluiceConfig database(String name, String connectString) {
    databases.put(name, connectString);
    return this;
  }

  /** Takes a line out of {@code [databases]}. */
  SluiceConfig withoutDatabase(String name) {
    databases.remove(name);
    return this;
  }

  /** Sets a line of {@code [users]}. */
  SluiceConfig user(String name, String keys) {
    users.put(name, keys);
    return this;
  }

  /** Sets a line of {@code [peers]}. */
  SluiceConfig peer(int id, String keys) {
    peers.put(Integer.toString(id), keys);
    return this;
  }

  /** Sets a line of the user list: a password, {@code md5…} or {@code SCRAM-SHA-256$…}. */
  SluiceConfig password(String user, String secret) {
    passwords.put(user, secret);
    return this;
  }

  /** Takes a user out of the user list. */
  SluiceConfig withoutUser(String user) {
    passwords.remove(user);
    users.remove(user);
    return this;
  }

  /** Returns a setting; empty when it is not set. */
  String get(String name) {
    return settings.getOrDefault(name, "");
  }

  /** Prints the ini file; port, socket directory and user list are there unless set before. */
  String ini(Path directory, int port) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listen_port", Integer.toString(port));
    all.put("unix_socket_dir", directory.toString());
    all.put("auth_file", directory.resolve("userlist.txt").toString());
    all.putAll(settings);
    return section("databases", databases)
        + section("users", users)
        + section("peers", peers)
        + section("pgbouncer", all);
  }

  /** Prints the user list. */
  String userList() {
    StringBuilder text = new StringBuilder();
    passwords.forEach(
        (user, secret) ->
            text.append(quoted(user)).append(' ').append(quoted(secret)).append('\n'));
    return text.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String section(String name, Map<String, String> lines) {
    StringBuilder text = new StringBuilder("[" + name + "]\n");
    lines.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }
}
