package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionVarsTest {
  private final TrackedParameters tracked = new TrackedParameters(List.of("search_path"));
  private final SessionVars server = new SessionVars(tracked);
  private final SessionVars client = new SessionVars(tracked);

  private String change(String name, String from, String to) {
    server.set(tracked.indexOf(name), from);
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
  void leavesAloneWhatTheServerDoesNotReport() {
    client.set(tracked.indexOf("search_path"), "evil");
    assertThat(server.suits(client)).isTrue();
    server.assume(client);
    assertThat(server.get(tracked.indexOf("search_path"))).isNull();
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
