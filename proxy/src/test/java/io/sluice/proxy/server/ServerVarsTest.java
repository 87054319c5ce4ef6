package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVarsTest {
  private final TrackedParameters tracked =
      new TrackedParameters(List.of("statement_timeout", "temp_tablespaces"));
  private final ServerVars server = new ServerVars(tracked);
  private final SessionVars client = new SessionVars(tracked);

  private String change(String name, String from, String to) {
    server.report(tracked.indexOf(name), from);
    client.set(tracked.indexOf(name), to);
    return server.changesFor(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "plain; 'plain'",
        "it's; E'it''s'",
        "a\\b; E'a\\\\b'",
        "\\'; E'\\\\'''",
        "é; E'\\U000000E9'",
        "中'; E'\\U00004E2D'''",
        "\uD83D\uDE00; E'\\U0001F600'",
      })
  void quotesAValueInPureAscii(String value, String quoted) {
    assertThat(change("application_name", "", value))
        .isEqualTo("SET application_name=" + quoted + ";");
  }

  @Test
  void quotesAnEmptyValue() {
    assertThat(change("application_name", "x", "")).isEqualTo("SET application_name='';");
  }

  @Test
  void keepsASearchPathAList() {
    assertThat(change("search_path", "public", "\"$user\", 'x'"))
        .isEqualTo("SELECT pg_catalog.set_config('search_path',E'\"$user\", ''x''',false);");
  }

  @Test
  void joinsAllChangesInTheFixedOrder() {
    change("TimeZone", "UTC", "Europe/Berlin");
    assertThat(change("DateStyle", "ISO, MDY", "ISO, DMY"))
        .isEqualTo("SET DateStyle='ISO, DMY';SET TimeZone='Europe/Berlin';");
  }

  @Test
  void comparesWithCase() {
    assertThat(change("application_name", "app", "App")).isEqualTo("SET application_name='App';");
  }

  @Test
  void setsAValueOfAnyLength() {
    assertThat(change("application_name", "", "x".repeat(1000))).contains("x".repeat(1000));
  }

  @Test
  void setsAndResetsWhatTheServerDoesNotReport() {
    int index = tracked.indexOf("statement_timeout");
    client.wish(index, "5s");
    assertThat(server.changesFor(client)).isEqualTo("SET statement_timeout='5s';");
    server.assume(client);
    assertThat(server.suits(client)).isTrue();

    SessionVars other = new SessionVars(tracked);
    assertThat(server.changesFor(other)).isEqualTo("RESET statement_timeout;");
    server.assume(other);
    assertThat(server.suits(other)).isTrue();
    assertThat(server.get(index)).isNull();
  }

  @Test
  void keepsAListThatIsNotReportedAList() {
    client.wish(tracked.indexOf("temp_tablespaces"), "a, b");
    assertThat(server.changesFor(client))
        .isEqualTo("SELECT pg_catalog.set_config('temp_tablespaces','a, b',false);");
  }

  @Test
  void leavesAloneWhatTheClientDoesNotKnowButTheServerReports() {
    server.report(tracked.indexOf("TimeZone"), "UTC");
    assertThat(server.suits(client)).isTrue();
    server.assume(client);
    assertThat(server.get(tracked.indexOf("TimeZone"))).isEqualTo("UTC");
  }

  @Test
  void goesBackToThePostgresSpellingOnceThatHasAccepted() {
    change("DateStyle", "ISO, MDY", "iso");
    client.wish(tracked.indexOf("DateStyle"), "iso");
    server.assume(client);
    assertThat(server.get(tracked.indexOf("DateStyle"))).isEqualTo("iso");

    server.accept();
    server.spell(client);

    assertThat(server.get(tracked.indexOf("DateStyle"))).isEqualTo("ISO, MDY");
    assertThat(client.get(tracked.indexOf("DateStyle"))).isEqualTo("ISO, MDY");
    assertThat(client.isProven()).isTrue();
  }

  @Test
  void doesNotTrustWhatIsNotReportedAfterAReset() {
    int index = tracked.indexOf("statement_timeout");
    client.wish(index, "5s");
    server.assume(client);
    server.reset();
    assertThat(server.changesFor(client)).isEqualTo("SET statement_timeout='5s';");
    assertThat(server.changesFor(new SessionVars(tracked))).isEqualTo("RESET statement_timeout;");
  }

  @Test
  void hasOnlyWhatIsReportedAfterDiscardAll() {
    int index = tracked.indexOf("statement_timeout");
    server.report(tracked.indexOf("TimeZone"), "UTC");
    client.wish(index, "5s");
    server.assume(client);
    server.discarded();
    assertThat(server.get(index)).isNull();
    assertThat(server.get(tracked.indexOf("TimeZone"))).isEqualTo("UTC");
  }

  @Test
  void sharesTheObjectsOfUsualValues() {
    SessionVars usual = new SessionVars(tracked);
    usual.set(tracked.indexOf("TimeZone"), new String("UTC".toCharArray()));
    server.report(tracked.indexOf("TimeZone"), "UTC");
    server.share(usual);
    assertThat(server.get(tracked.indexOf("TimeZone")))
        .isSameAs(usual.get(tracked.indexOf("TimeZone")));
  }

  @Test
  void suitsAfterItHasAssumedTheClientsValues() {
    change("TimeZone", "UTC", "Europe/Berlin");
    assertThat(server.suits(client)).isFalse();
    server.assume(client);
    assertThat(server.suits(client)).isTrue();
    assertThat(server.changesFor(client)).isEmpty();
  }

  @Test
  void isUnprovenFromAWishUntilAServerAcceptsIt() {
    assertThat(client.isProven()).isTrue();
    client.wish(0, "ISO");
    assertThat(client.isProven()).isFalse();
    client.prove();
    assertThat(client.isProven()).isTrue();
  }
}
