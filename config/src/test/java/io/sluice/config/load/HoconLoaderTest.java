package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HoconLoaderTest {
  @TempDir Path directory;

  @Test
  void readsAllFourSections() {
    ProxyConfig config =
        Loads.good(
            """
            pgbouncer { listen_addr = ["127.0.0.1", "::1"], pool_mode = transaction }
            databases {
              app { host = db1, port = 5433, pool_size = 7 }
              old = "host=db2 dbname='other name' pool_size=3"
              "*" = "host=db3"
            }
            users { alice { pool_mode = session }, bob = "query_timeout=5" }
            peers { 1 { host = /tmp/peer }, 2 = "host=p2 port=7000" }
            """);

    assertThat(config.values().get(Settings.LISTEN_ADDR)).containsExactly("127.0.0.1", "::1");
    assertThat(config.values().print(Settings.LISTEN_ADDR)).isEqualTo("127.0.0.1, ::1");
    assertThat(config.databases().keySet()).containsExactly("app", "old");
    DatabaseConfig app = Objects.requireNonNull(config.database("app"));
    assertThat(app.port()).isEqualTo(5433);
    assertThat(config.poolSize(null, app)).isEqualTo(7);
    assertThat(Objects.requireNonNull(config.database("old")).dbname()).isEqualTo("other name");
    assertThat(Objects.requireNonNull(config.database("new")).dbname()).isEqualTo("new");
    assertThat(config.effective(Settings.POOL_MODE, config.users().get("alice"), app))
        .isEqualTo(PoolMode.SESSION);
    assertThat(config.effective(Settings.QUERY_TIMEOUT, config.users().get("bob"), app))
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(Objects.requireNonNull(config.peers().get(1)).port()).isEqualTo(6432);
    assertThat(Objects.requireNonNull(config.peers().get(2)).host()).isEqualTo("p2");
  }

  @Test
  void readsUnitsWordsAndOctal() {
    ProxyConfig config =
        Loads.good(
            """
            pgbouncer {
              query_timeout = 500ms
              server_lifetime = 2 hours
              pkt_buf = 8KiB
              log_stats = false
              unix_socket_mode = 0700
              tcp_user_timeout = 3s
            }
            """);

    assertThat(config.values().print(Settings.QUERY_TIMEOUT)).isEqualTo("0.5");
    assertThat(config.values().print(Settings.SERVER_LIFETIME)).isEqualTo("7200");
    assertThat(config.values().print(Settings.PKT_BUF)).isEqualTo("8192");
    assertThat(config.values().print(Settings.LOG_STATS)).isEqualTo("0");
    assertThat(config.values().print(Settings.UNIX_SOCKET_MODE)).isEqualTo("448");
    assertThat(config.values().print(Settings.TCP_USER_TIMEOUT)).isEqualTo("3000");
  }

  @Test
  void substitutesVariablesOfTheFileAndOfTheEnvironment() {
    Result result =
        ConfigLoader.parseText(
            """
            size = 12
            pgbouncer { default_pool_size = ${size}, listen_port = 7000, listen_port = ${?PORT} }
            databases { a { password = ${SECRET}, user = u, host = ${?NOT_THERE} } }
            """,
            "test",
            Map.of("SECRET", "hunter2", "PORT", "7001"));

    ProxyConfig config = Loads.good(result);
    assertThat(config.values().get(Settings.DEFAULT_POOL_SIZE)).isEqualTo(12);
    assertThat(config.values().get(Settings.LISTEN_PORT)).isEqualTo(7001);
    DatabaseConfig database = Objects.requireNonNull(config.database("a"));
    assertThat(database.password()).isEqualTo(new PasswordSource.Literal("hunter2"));
    assertThat(database.hosts().isEmpty()).isTrue();
  }

  @Test
  void includesFilesBesideTheIncludingOne() throws IOException {
    Path main = directory.resolve("main.conf");
    Files.writeString(main, "include \"more\"\npgbouncer { listen_port = 7000 }\n");
    Files.writeString(directory.resolve("more.conf"), "databases {\n\n a = \"prt=1\" }\n");

    Result result = ConfigLoader.load(main, Map.of());

    assertThat(Loads.errors(result))
        .containsExactly(
            directory.resolve("more.conf")
                + ":3: databases.a.prt: unknown key in an entry of databases"
                + " (did you mean port?)");
  }

  @Test
  void namesThePlaceOfEveryMistake() {
    assertThat(
            Loads.errors(
                """
                pgbouncer {
                  max_client_conns = 10
                  query_timeout = soon
                }
                databses { }
                databases { a { pool_size = many } }
                users = 3
                """))
        .containsExactly(
            "test:2: max_client_conns: unknown setting (did you mean max_client_conn?)",
            "test:3: query_timeout = soon: expected a time in seconds (for example 30, 500ms, 2min)",
            "test:5: databses: unknown section (did you mean databases?)",
            "test:6: databases.a.pool_size = many: expected an integer",
            "test:7: users: expected an object (write users { ... })");
  }

  @Test
  void saysWhereTheSyntaxIsWrong() {
    List<String> errors = Loads.errors("pgbouncer {\n  a = b = c\n}\n");

    assertThat(errors).hasSize(1);
    assertThat(errors.get(0)).startsWith("test:2: ").contains("double quotes");
  }

  @Test
  void neverRepeatsALineWithAPassword() {
    Result result =
        ConfigLoader.parseText("pgbouncer {}\ndatabases { a { password = \"hunter2\" = x } }\n");

    assertThat(((Result.Refused) result).problems()).noneMatch(p -> mentions(p, "hunter2"));
  }

  @Test
  void neverRepeatsALineOfAnIncludedFile() throws IOException {
    Path main = directory.resolve("main.conf");
    Files.writeString(main, "pgbouncer {}\ninclude \"secrets\"\n");
    Files.writeString(
        directory.resolve("secrets.conf"), "p = {\n\n hunter2 : hunter2 = hunter2 ]\n");

    assertThat(Loads.errors(ConfigLoader.load(main, Map.of())))
        .containsExactly(
            directory.resolve("secrets.conf")
                + ":3: the line can not be read as HOCON"
                + " (put names and values with special characters into double quotes)");
  }

  @Test
  void takesAnIncludedFileThatIsRequiredAndMissingAsAnError() throws IOException {
    Path main = directory.resolve("main.conf");
    Files.writeString(main, "pgbouncer {}\ninclude required(file(\"none.conf\"))\n");

    assertThat(Loads.errors(ConfigLoader.load(main, Map.of()))).hasSize(1);
  }

  @Test
  void asksForVariablesThatAreMissing() {
    assertThat(Loads.errors("pgbouncer {\n listen_port = ${PORT}\n}"))
        .containsExactly(
            "test:2: could not resolve substitution to a value: ${PORT}"
                + " (write ${?NAME} for a variable that may be missing)");
  }

  @Test
  void doesNotRunOutOfStackOnDeepNesting() {
    assertThat(Loads.errors("a" + "{a".repeat(100_000)))
        .containsExactly("test: brackets nest too deep");
  }

  private static boolean mentions(Problem problem, String text) {
    return problem.toString().contains(text);
  }
}
