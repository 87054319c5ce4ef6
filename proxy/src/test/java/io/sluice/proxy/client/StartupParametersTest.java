package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask for in their StartupMessage, what they are told, and what a server gets. */
class StartupParametersTest {
  private static byte[] done() {
    return Wire.join(Wire.complete("SELECT 1"), Wire.ready('I'));
  }

  /** What a server is sent in front of a client's query. */
  private static String before(Peer client, Peer server) throws IOException {
    client.send(Wire.query("select 1"));
    String sent = server.read().text();
    if (sent.equals("select 1\0")) {
      server.send(done());
      client.readTo('Z');
      return "";
    }
    server.send(Wire.complete("SET"), Wire.ready('I'));
    assertThat(server.read().text()).isEqualTo("select 1\0");
    server.send(done());
    assertThat(client.typesTo('Z')).isEqualTo("CZ");
    return sent.substring(0, sent.length() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extra_float_digits | 1 | ''",
        "extra_float_digits | 3 | ''",
        "extra_float_digits | 0 | SET extra_float_digits='0';",
        "options | -c extra_float_digits=-15 | SET extra_float_digits='-15';",
        "options | -c datestyle=German -cTimeZone=CET | SET DateStyle='German';SET TimeZone='CET';",
        "options | --search_path=a\\ ,b | 'SELECT pg_catalog.set_config(''search_path'',''a ,b'',false);'",
        "default_transaction_read_only | on | SET default_transaction_read_only='on';",
        "DateStyle | ISO, MDY | ''",
      })
  void givesTheServerWhatItDoesNotHaveYet(String name, String value, String sql)
      throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst(name, value);
      try (Peer client = pair.client();
          Peer server = pair.server()) {
        assertThat(before(client, server)).isEqualTo(sql.replace("''", "'"));
        assertThat(before(client, server)).isEmpty();
      }
    }
  }

  @Test
  void takesAwayAgainWhatTheNextClientHasNotAskedFor() throws IOException {
    try (RunningProxy proxy = new RunningProxy("track_extra_parameters = statement_timeout")) {
      Pair pair =
          proxy.loginFirst("statement_timeout", "5s", "default_transaction_read_only", "on");
      try (Peer client = pair.client();
          Peer server = pair.server();
          Peer next = proxy.login()) {
        assertThat(before(client, server))
            .isEqualTo("SET statement_timeout='5s';SET default_transaction_read_only='on';");
        assertThat(before(next, server))
            .isEqualTo("RESET statement_timeout;RESET default_transaction_read_only;");
        assertThat(before(next, server)).isEmpty();
        assertThat(before(client, server)).startsWith("SET statement_timeout='5s';");
      }
    }
  }

  @Test
  void setsAnewWhatAResetHasTakenAway() throws IOException {
    try (RunningProxy proxy = new RunningProxy("track_extra_parameters = statement_timeout")) {
      Pair pair = proxy.loginFirst("statement_timeout", "5s");
      try (Peer client = pair.client();
          Peer server = pair.server()) {
        assertThat(before(client, server)).isEqualTo("SET statement_timeout='5s';");
        client.send(Wire.query("reset all"));
        server.read();
        server.send(Wire.complete("RESET"), Wire.ready('I'));
        client.readTo('Z');
        assertThat(before(client, server)).isEqualTo("SET statement_timeout='5s';");
      }
    }
  }

  /** PostgreSQL reads ISO as ISO, MDY, and says nothing when that is what it has. */
  @Test
  void doesNotGoOnSettingASpellingThatPostgresReadsAsWhatItHas() throws IOException {
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst("DateStyle", "ISO");
      try (Peer client = pair.client();
          Peer server = pair.server();
          Peer other = proxy.login()) {
        assertThat(before(client, server)).isEqualTo("SET DateStyle='ISO';");
        assertThat(before(other, server)).isEmpty();
        assertThat(before(client, server)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"work_mem", "search_paths", "is_superuser"})
  void refusesWhatItCanNeitherTrackNorIgnore(String name) throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.start(name, "x")) {
      List<Peer.Message> end = client.readToEnd();
      assertThat(end.get(end.size() - 1).text()).contains("unsupported startup parameter: " + name);
    }
  }

  @Test
  void dropsWhatTheOperatorWantsDropped() throws IOException {
    try (RunningProxy proxy =
        new RunningProxy("ignore_startup_parameters = work_mem, extra_float_digits, search_path")) {
      Pair pair =
          proxy.loginFirst("work_mem", "1", "extra_float_digits", "0", "search_path", "elsewhere");
      try (Peer client = pair.client();
          Peer server = pair.server()) {
        assertThat(before(client, server)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"transaction, 200, 200", "session, 200, 0", "statement, 7, 7"})
  void tellsClientsAboutThePooler(String mode, String setting, String told) throws IOException {
    try (RunningProxy proxy =
            new RunningProxy("pool_mode = " + mode, "max_prepared_statements = " + setting);
        Peer client = proxy.start("application_name", "me");
        Peer server = proxy.postgres().login()) {
      String parameters =
          client.readTo('Z').stream()
              .filter(message -> message.type() == 'S')
              .map(Peer.Message::text)
              .collect(Collectors.joining());
      assertThat(parameters)
          .contains("pgbouncer.version\0001.2")
          .contains("pgbouncer.pool_mode\0" + mode + "\0")
          .contains("pgbouncer.max_prepared_statements\0" + told + "\0")
          .contains("application_name\0me\0");
      assertThat(server).isNotNull();
    }
  }

  @Test
  void tellsClientsWhatHasChangedMeanwhile() throws IOException {
    try (RunningProxy proxy = new RunningProxy("max_prepared_statements = 7");
        Peer first = proxy.start();
        Peer server = proxy.postgres().login()) {
      assertThat(first.readTo('Z').toString()).contains("max_prepared_statements|7|");
      assertThat(proxy.set(Settings.MAX_PREPARED_STATEMENTS, "8")).isEqualTo("null");
      try (Peer second = proxy.start()) {
        assertThat(second.readTo('Z').toString()).contains("max_prepared_statements|8|");
      }
      assertThat(proxy.set(Settings.POOL_MODE, "session")).isEqualTo("null");
      try (Peer third = proxy.start()) {
        assertThat(third.readTo('Z').toString())
            .contains("pool_mode|session|")
            .contains("max_prepared_statements|0|");
      }
      assertThat(server).isNotNull();
    }
  }

  @Test
  void doesNotReportWhatPostgresDoesNotReport() throws IOException {
    try (RunningProxy proxy = new RunningProxy();
        Peer client = proxy.start("search_path", "a", "extra_float_digits", "0");
        Peer server = proxy.postgres().login()) {
      assertThat(client.readTo('Z').toString())
          .doesNotContain("search_path")
          .doesNotContain("extra_float_digits");
      assertThat(server).isNotNull();
    }
  }
}
