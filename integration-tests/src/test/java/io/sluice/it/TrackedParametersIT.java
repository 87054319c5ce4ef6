package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters follow their client over one shared server, and nobody meets another's. */
@ExtendWith(PostgresExtension.class)
class TrackedParametersIT {
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private static SluiceConfig config(EmbeddedPostgres before) {
    return SluiceConfig.before(before)
        .unset("ignore_startup_parameters")
        .set("pool_mode", "transaction")
        .set("default_pool_size", 1)
        .set("track_extra_parameters", "IntervalStyle, statement_timeout");
  }

  private WireClient login(SluiceProcess sluice, String name, String value) throws IOException {
    return WireClient.login(
        sluice.tcp(), WireLogin.of("postgres", database.name()).with(name, value));
  }

  private static String show(WireClient client, String name) throws IOException {
    return String.valueOf(client.query("SHOW " + name).value());
  }

  /** A startup parameter, its value, and what PostgreSQL makes of it. */
  private static final String WISHES =
      """
      search_path | a, "B c", pg_catalog | a, "B c", pg_catalog
      search_path | "" | ""
      default_transaction_read_only | on | on
      extra_float_digits | 0 | 0
      statement_timeout | 77s | 77s
      scram_iterations | 5000 | 5000
      session_authorization | pg_monitor | pg_monitor
      IntervalStyle | iso_8601 | iso_8601
      application_name | it's \\ Ünïcode | it's \\ ?n?code
      TimeZone | Europe/Berlin | Europe/Berlin
      DateStyle | german | German, DMY
      """;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startupParametersHoldForTheirClientAlone(boolean asOptions) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(postgres));
        WireClient plain = sluice.login("postgres", database.name())) {
      for (String line : WISHES.lines().toList()) {
        String[] wish = line.split(" \\| ");
        String usual = show(plain, wish[0]);
        String escaped = wish[1].replace("\\", "\\\\").replace(" ", "\\ ");
        try (WireClient client =
            asOptions
                ? login(sluice, "options", "-c " + wish[0] + "=" + escaped)
                : login(sluice, wish[0], wish[1])) {
          for (int i = 0; i < 3; i++) {
            assertThat(show(client, wish[0])).describedAs(line).matches(pattern(wish[2]));
            assertThat(show(plain, wish[0])).describedAs(line).isEqualTo(usual);
          }
          assertThat(client.query("SELECT pg_backend_pid()").value())
              .isEqualTo(plain.query("SELECT pg_backend_pid()").value());
        }
      }
    }
  }

  /** PostgreSQL keeps application_name printable, in a way that has changed over its releases. */
  private static String pattern(String expected) {
    return java.util.regex.Pattern.quote(expected).replace("?", "\\E.+\\Q");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "search_path | SET search_path = one, two | one, two",
        "search_path | SET SCHEMA 'solo' | solo",
        "search_path | SELECT set_config('search_path', 'x, \"Y\"', false) | x, \"Y\"",
        "default_transaction_read_only | SET default_transaction_read_only = on | on",
        "default_transaction_read_only | SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | on",
        "application_name | SET application_name = 'mine' | mine",
        "TimeZone | SET TIME ZONE 'Asia/Tokyo' | Asia/Tokyo",
        "session_authorization | SET SESSION AUTHORIZATION pg_monitor | pg_monitor",
        "client_encoding | SET NAMES 'LATIN1' | LATIN1",
      })
  void whatAStatementSetsFollowsItsClient(String name, String statement, String value)
      throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(postgres));
        WireClient first = sluice.login("postgres", database.name());
        WireClient second = sluice.login("postgres", database.name())) {
      String usual = show(second, name);
      first.query(statement);
      for (int i = 0; i < 2; i++) {
        assertThat(show(second, name)).isEqualTo(usual);
        assertThat(show(first, name)).isEqualTo(value);
      }
    }
  }

  @Test
  void aSpellingOfWhatTheServerHasIsSetOnce() throws Exception {
    postgres.query("ALTER DATABASE " + database.name() + " SET log_statement = 'all'");
    try (SluiceProcess sluice = SluiceProcess.start(config(postgres));
        WireClient terse = login(sluice, "DateStyle", "ISO");
        WireClient plain = sluice.login("postgres", database.name())) {
      for (int i = 0; i < 5; i++) {
        terse.query("SELECT 1");
        plain.query("SELECT 2");
      }
      assertThat(terse.parameters()).containsEntry("DateStyle", "ISO");
    }
    assertThat(postgres.log().lines().filter(line -> line.contains("SET DateStyle='ISO'")))
        .hasSize(1);
  }

  @Test
  void aValueThatPostgresRefusesEndsItsClientAlone() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(postgres));
        WireClient wrong = login(sluice, "TimeZone", "Mars/Olympus");
        WireClient right = login(sluice, "TimeZone", "Europe/Berlin")) {
      assertThatThrownBy(() -> wrong.query("SELECT 1")).hasMessageContaining("server parameter");
      assertThat(show(right, "TimeZone")).isEqualTo("Europe/Berlin");
    }
  }

  /** Of an old PostgreSQL most of them are not reported, and hold as they are asked for. */
  @Test
  void holdBeforeThePostgresThatReportsFewest() throws Exception {
    try (EmbeddedPostgres old = EmbeddedPostgres.start(PostgresOptions.DEFAULT.version("11"));
        SluiceProcess sluice = SluiceProcess.start(config(old));
        WireClient plain = sluice.login("postgres", "postgres")) {
      WireLogin login =
          WireLogin.of("postgres", "postgres")
              .with("search_path", "a, b")
              .with("extra_float_digits", "3")
              .with("options", "-c default_transaction_read_only=on");
      try (WireClient client = WireClient.login(sluice.tcp(), login)) {
        for (int i = 0; i < 2; i++) {
          assertThat(show(client, "search_path")).isEqualTo("a, b");
          assertThat(show(client, "extra_float_digits")).isEqualTo("3");
          assertThat(show(client, "default_transaction_read_only")).isEqualTo("on");
          assertThat(show(plain, "search_path")).isEqualTo("\"$user\", public");
          assertThat(show(plain, "extra_float_digits")).isEqualTo("0");
          assertThat(show(plain, "default_transaction_read_only")).isEqualTo("off");
        }
        plain.query("SET work_mem = '1MB'");
        assertThat(show(client, "search_path")).isEqualTo("a, b");
        client.query("DISCARD ALL");
        assertThat(show(client, "search_path")).isEqualTo("a, b");
      }
    }
  }

  @Test
  void jdbcIsWelcomeWithItsOptions() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(postgres))) {
      Properties properties = new Properties();
      properties.put("user", "postgres");
      properties.put("assumeMinServerVersion", "9.5");
      properties.put("options", "-c search_path=elsewhere -c statement_timeout=9s");
      properties.put("ApplicationName", "it");
      String url = "jdbc:postgresql://127.0.0.1:" + sluice.port() + "/" + database.name();
      try (Connection connection = DriverManager.getConnection(url, properties);
          WireClient other = sluice.login("postgres", database.name())) {
        assertThat(show(other, "statement_timeout")).isEqualTo("0");
        try (ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT current_setting('search_path'), current_setting('statement_timeout')")) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("elsewhere");
          assertThat(row.getString(2)).isEqualTo("9s");
        }
      }
    }
  }
}
