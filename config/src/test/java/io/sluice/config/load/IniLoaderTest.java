package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.LoadBalanceHosts;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IniLoaderTest {
  @TempDir Path directory;

  @Test
  void readsEveryKeyOfADatabase() {
    ProxyConfig config =
        Loads.good(
            """
            [pgbouncer]
            [databases]
            app = dbname=real host=db1,/run/pg,@abstract,::1,10.0.0.1 port=5433 user=u password='p w''d' auth_user=au auth_query='select 1' auth_dbname=ad pool_size=1 min_pool_size=2 reserve_pool=3 connect_query='set x = 1; select 2' pool_mode=Statement query_wait_timeout=4 load_balance_hosts=disable max_db_connections=5 max_db_client_connections=6 server_lifetime=7 client_encoding=utf8 datestyle=ISO timezone=UTC application_name=a
            """);

    DatabaseConfig app = Objects.requireNonNull(config.database("app"));
    assertThat(app.dbname()).isEqualTo("real");
    assertThat(app.hosts().hosts())
        .containsExactly("db1", "/run/pg", "@abstract", "::1", "10.0.0.1");
    assertThat(app.port()).isEqualTo(5433);
    assertThat(app.user()).isEqualTo("u");
    assertThat(app.password()).isEqualTo(new PasswordSource.Literal("p w'd"));
    assertThat(app.authUser()).isEqualTo("au");
    assertThat(app.authQuery()).isEqualTo("select 1");
    assertThat(app.authDbname()).isEqualTo("ad");
    assertThat(app.connectQuery()).isEqualTo("set x = 1; select 2");
    assertThat(app.loadBalanceHosts()).isEqualTo(LoadBalanceHosts.DISABLE);
    assertThat(app.clientEncoding()).isEqualTo("utf8");
    assertThat(app.datestyle()).isEqualTo("ISO");
    assertThat(app.timezone()).isEqualTo("UTC");
    assertThat(app.applicationName()).isEqualTo("a");
    assertThat(config.poolSize(null, app)).isEqualTo(1);
    assertThat(config.effective(Settings.MIN_POOL_SIZE, null, app)).isEqualTo(2);
    assertThat(config.effective(Settings.RESERVE_POOL_SIZE, null, app)).isEqualTo(3);
    assertThat(config.effective(Settings.POOL_MODE, null, app)).isEqualTo(PoolMode.STATEMENT);
    assertThat(config.effective(Settings.QUERY_WAIT_TIMEOUT, null, app))
        .isEqualTo(Duration.ofSeconds(4));
    assertThat(config.effective(Settings.MAX_DB_CONNECTIONS, null, app)).isEqualTo(5);
    assertThat(config.effective(Settings.MAX_DB_CLIENT_CONNECTIONS, null, app)).isEqualTo(6);
    assertThat(config.effective(Settings.SERVER_LIFETIME, null, app))
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void takesAnEmptyEntryAsAllDefaults() {
    DatabaseConfig database =
        Objects.requireNonNull(Loads.good("[pgbouncer]\n[databases]\napp =\n").database("app"));

    assertThat(database.dbname()).isEqualTo("app");
    assertThat(database.hosts().isEmpty()).isTrue();
    assertThat(database.port()).isEqualTo(5432);
    assertThat(database.user()).isNull();
  }

  @Test
  void readsBothQuotingsOfNames() {
    ProxyConfig config =
        Loads.good(
            """
            [pgbouncer]
            [databases]
            'single "quoted' =
            "double ""quoted" = dbname=x
            a.b-c*d_9 =
            """);

    assertThat(config.databases().keySet())
        .containsExactly("single \"quoted", "double \"quoted", "a.b-c*d_9");
  }

  @Test
  void readsIndentedLinesTabsCarriageReturnsAndAByteOrderMark() throws IOException {
    Path file = directory.resolve("odd.ini");
    Files.writeString(
        file,
        "\uFEFF  [pgbouncer]\r\n\tlisten_port\t=\t 7000 \t\r\n\r\n   ; a comment\r\n # another\r\n"
            + "[databases] a = host=x\t port=1\r\n");

    ProxyConfig config = Loads.good(ConfigLoader.load(file, Map.of()));

    assertThat(config.values().get(Settings.LISTEN_PORT)).isEqualTo(7000);
    assertThat(Objects.requireNonNull(config.database("a")).port()).isEqualTo(1);
  }

  @Test
  void keepsCommentSignsInsideValues() {
    ProxyConfig config = Loads.good("[pgbouncer]\nserver_check_query = select 1; -- # yes\n");

    assertThat(config.values().get(Settings.SERVER_CHECK_QUERY)).isEqualTo("select 1; -- # yes");
  }

  @Test
  void letsTheLastOfRepeatedSectionsAndKeysWinWithoutForgettingTheOthers() {
    String text =
        """
        [pgbouncer]
        max_client_conn = 1
        listen_port = 7000
        [databases]
        a = host=one port=1
        [pgbouncer]
        max_client_conn = 2
        [databases]
        a = host=two host=three
        """;

    ProxyConfig config = Loads.good(text);
    assertThat(config.values().get(Settings.MAX_CLIENT_CONN)).isEqualTo(2);
    assertThat(config.values().get(Settings.LISTEN_PORT)).isEqualTo(7000);
    DatabaseConfig a = Objects.requireNonNull(config.database("a"));
    assertThat(a.hosts().text()).isEqualTo("three");
    assertThat(a.port()).isEqualTo(5432);
    assertThat(Loads.warnings(text))
        .contains(
            "test:7: max_client_conn = 2: replaces the value of line 2",
            "test:9: databases.a: replaces the entry of line 5");
  }

  @Test
  void includesFilesBesideTheIncludingOneAndKeepsTheSection() throws IOException {
    Path main = directory.resolve("main.ini");
    Files.writeString(main, "[pgbouncer]\n%include more.ini\nb =\n");
    Files.writeString(directory.resolve("more.ini"), "listen_port = 7000\n[databases]\na =\n");

    ProxyConfig config = Loads.good(ConfigLoader.load(main, Map.of()));

    assertThat(config.values().get(Settings.LISTEN_PORT)).isEqualTo(7000);
    assertThat(config.values().origin(Settings.LISTEN_PORT))
        .hasToString(directory.resolve("more.ini") + ":1");
    assertThat(config.databases().keySet()).containsExactly("a", "b");
  }

  @Test
  void stopsIncludingAtTheDepthOfPgBouncer() throws IOException {
    Path main = directory.resolve("loop.ini");
    Files.writeString(main, "[pgbouncer]\n%include loop.ini\n");

    assertThat(Loads.errors(ConfigLoader.load(main, Map.of())))
        .containsExactly(
            main + ":2: files are included more than 10 deep (does a file include itself?)");
  }

  @Test
  void namesTheFileThatCanNotBeIncluded() {
    assertThat(Loads.errors("[pgbouncer]\n%include /no/such/file.ini\n%include /tmp\n"))
        .containsExactly(
            "test:2: %include = /no/such/file.ini: no such file",
            "test:3: %include = /tmp: is a directory");
  }

  @Test
  void reportsEverythingThatIsWrongAtOnce() {
    assertThat(
            Loads.errors(
                """
                early = 1
                [pgbouncer]
                max_clientconn = 3
                pool_size = 3
                listen_port = 70000
                auth_type = magic
                no equals sign
                ünquoted = 1
                'open = 1
                '' = 1
                [database]
                ignored = since the section is unknown
                [databases]
                pgbouncer = host=x
                a = host=x prot=1 port=0
                b = host=
                c = host='x
                d = host='x'y
                e = client_idle_timeout=4
                [users]
                u = pool_mode=none
                [peers]
                x = host=y
                1 = port=6432
                2 = host=a,b
                [unended
                """))
        .containsExactly(
            "test:1: early: stands before any section (start with [pgbouncer])",
            "test:3: max_clientconn: unknown setting (did you mean max_client_conn?)",
            "test:4: pool_size: belongs to a database or user; here it is default_pool_size",
            "test:5: listen_port = 70000: must be between 0 and 65535",
            "test:6: auth_type = magic: not one of the known words (one of any, trust, plain, md5,"
                + " cert, hba, ldap, pam, jwt, scram-sha-256)",
            "test:7: expected key = value (an = is missing)",
            "test:8: expected key = value (quote unusual names)",
            "test:9: expected key = value (quote unusual names)",
            "test:10: the name is empty",
            "test:11: [database]: unknown section (did you mean databases?)",
            "test:14: databases.pgbouncer: the name is reserved for the console",
            "test:15: databases.a.prot: unknown key in an entry of databases"
                + " (did you mean port?)",
            "test:15: databases.a.port = 0: must be between 1 and 65535",
            "test:16: databases.b: the value of host is empty (leave the key out)",
            "test:17: databases.c: the quote around the value of host does not end",
            "test:18: databases.d: expected a blank after the quoted value of host",
            "test:19: databases.e.client_idle_timeout: unknown key in an entry of databases"
                + " (it can be set in pgbouncer and users)",
            "test:21: users.u.pool_mode = none: not one of the known words (one of session,"
                + " transaction, statement)",
            "test:23: peers.x: the name of a peer is its id, 1 to 65535",
            "test:24: peers.1: a peer needs a host (host=NAME)",
            "test:25: peers.2.host = a,b: a peer has one host",
            "test:26: the section name does not end (a ] is missing)");
  }

  @Test
  void readsNumbersOfConnectionStringsAsPgBouncerDoesButWarns() {
    String text = "[pgbouncer]\n[databases]\na = pool_size=5x port=05433\n";

    assertThat(Objects.requireNonNull(Loads.good(text).database("a")).port()).isEqualTo(5433);
    assertThat(Loads.warnings(text))
        .contains("test:3: databases.a.pool_size = 5x: only the number at the beginning counts");
  }

  @Test
  void refusesNumbersThatPgBouncerTakesForZero() {
    assertThat(Loads.errors("[pgbouncer]\n[databases]\na = pool_size=x\n"))
        .containsExactly("test:3: databases.a.pool_size = x: expected an integer");
  }

  @Test
  void leavesOutWhatIsInherited() {
    ProxyConfig config =
        Loads.good(
            """
            [pgbouncer]
            default_pool_size = 9
            query_wait_timeout = 8
            [databases]
            a = pool_size=5 pool_size=-1 server_lifetime=0 max_db_connections=0
            [users]
            u = query_timeout=0 query_wait_timeout=0
            """);

    DatabaseConfig a = Objects.requireNonNull(config.database("a"));
    assertThat(config.poolSize(null, a)).isEqualTo(9);
    assertThat(config.effective(Settings.SERVER_LIFETIME, null, a)).isEqualTo(Duration.ofHours(1));
    assertThat(a.values().isSet(Settings.MAX_DB_CONNECTIONS)).isFalse();
    assertThat(config.effective(Settings.QUERY_WAIT_TIMEOUT, config.users().get("u"), a))
        .isEqualTo(Duration.ZERO);
    assertThat(config.effective(Settings.QUERY_WAIT_TIMEOUT, null, a))
        .isEqualTo(Duration.ofSeconds(8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "; nothing\n", "# nothing\n", "[databases]\na =\n"})
  void needsTheMainSection(String text) {
    assertThat(Loads.errors(text))
        .containsExactly("test: the main section is missing (add [pgbouncer] or pgbouncer { })");
  }

  @Test
  void acceptsTheNameOfAWindowsServiceWithAWarning() {
    assertThat(Loads.warnings("[pgbouncer]\nservice_name = x\n"))
        .contains("test:2: service_name: names a Windows service; it does nothing here");
  }

  @Test
  void refusesLongNamesOfDatabasesAndUsers() {
    String text = "[pgbouncer]\n[databases]\n%s =\n[users]\n%s =\n";

    assertThat(Loads.good(String.format(text, "d".repeat(63), "u".repeat(127))).users()).hasSize(1);
    assertThat(Loads.errors(String.format(text, "d".repeat(64), "u".repeat(128)))).hasSize(2);
  }

  @Test
  void refusesOtherEncodingsWhereTheyMatter() throws IOException {
    Path file = directory.resolve("latin.ini");
    Files.write(
        file, "[pgbouncer]\n; Grüße\nuser = Jürgen\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(Loads.errors(ConfigLoader.load(file, Map.of())))
        .containsExactly(file + ":3: the line is not UTF-8 (save the file as UTF-8)");
  }

  @Test
  void saysWhyTheFileCanNotBeRead() {
    assertThat(Loads.errors(ConfigLoader.load(directory.resolve("none.ini"), Map.of())))
        .containsExactly(directory.resolve("none.ini") + ": no such file");
    assertThat(Loads.errors(ConfigLoader.load(directory, Map.of())))
        .containsExactly(directory + ": is a directory");
  }
}
