package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every SHOW with what PgBouncer sent on the wire. */
class ShowGoldenTest {
  private static final Map<String, List<String>> GOLDEN = readGolden();

  private static RunningConsole console;
  private static Wire client;

  @BeforeAll
  static void start() throws IOException {
    console = RunningConsole.start();
    client = console.login(RunningConsole.BOSS);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    console.close();
  }

  /** The lines of each section; those before the first one are SHOW HELP. */
  private static Map<String, List<String>> readGolden() {
    Map<String, List<String>> golden = new LinkedHashMap<>();
    List<String> section = new ArrayList<>();
    golden.put("", section);
    for (String line : goldenText().split("\n", -1)) {
      if (line.startsWith("== SHOW ")) {
        section = new ArrayList<>();
        golden.put(line.substring("== SHOW ".length()), section);
      } else if (!line.isBlank()) {
        section.add(line);
      }
    }
    return golden;
  }

  private static List<String> section(String name) {
    return GOLDEN.getOrDefault(name, List.of());
  }

  private static String goldenText() {
    try (InputStream in = ShowGoldenTest.class.getResourceAsStream("show-columns.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> tables() {
    return GOLDEN.keySet().stream().filter(name -> !name.isEmpty() && !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void hasTheColumnsOfPgBouncer(String name) throws IOException {
    Reply reply = client.query("SHOW " + name);

    assertThat(reply.tag()).isEqualTo("SHOW");
    assertThat(reply.columns)
        .isEqualTo(Arrays.asList(section(name).get(0).strip().split(", ", -1)));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void isAnsweredToSelectAsWell(String name) throws IOException {
    Reply reply = client.query("select " + name + " ;");

    assertThat(reply.columns).isEqualTo(client.query("SHOW " + name).columns);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"lists", "state", "totals"})
  void hasTheRowsOfPgBouncer(String name) throws IOException {
    List<String> expected = section(name).stream().skip(1).map(String::strip).toList();

    Reply reply = client.query("SHOW " + name);

    assertThat(reply.rows).map(row -> row.get(0)).isEqualTo(expected);
  }

  @Test
  void addsRowsInBytesBehindThoseOfPgBouncerToShowMem() throws IOException {
    List<String> expected =
        new ArrayList<>(section("mem").stream().skip(1).map(String::strip).toList());
    expected.addAll(
        List.of(
            "memory_limit",
            "buffers",
            "client_buffers",
            "server_buffers",
            "prepared_statements",
            "heap",
            "direct"));

    Reply reply = client.query("SHOW MEM");

    assertThat(reply.rows).map(row -> row.get(0)).isEqualTo(expected);
  }

  @Test
  void showsEverySettingOfPgBouncerInItsOrderWithItsDefault() throws IOException {
    List<String> expected = section("config").stream().skip(1).map(String::strip).toList();

    List<String> shown = new ArrayList<>();
    client
        .query("SHOW CONFIG")
        .rows
        .forEach(
            row ->
                shown.add(
                    String.format(
                        "%s  default=%s  changeable=%s",
                        row.get(0), quoted(row.get(2)), row.get(3))));

    // There may be more here than there, at any place.
    assertThat(shown).containsSubsequence(expected);
  }

  private static String quoted(String value) {
    return value == null ? "None" : "'" + value + "'";
  }

  @Test
  void showsHelpAsANotice() throws IOException {
    String text = goldenText();
    String expected =
        text.substring(text.indexOf("DETAIL: ") + "DETAIL: ".length(), text.indexOf("\n== SHOW"));

    Reply reply = client.query("SHOW HELP");

    assertThat(reply.notices).hasSize(1);
    // Lines of our own may stand between those of PgBouncer.
    assertThat(reply.notices.get(0).split("\n"))
        .containsSubsequence(("Console usage" + expected).split("\n"));
    assertThat(reply.letters).isEqualTo("NCZ");
    assertThat(reply.tag()).isEqualTo("SHOW");
  }

  @Test
  void showsItsVersion() throws IOException {
    assertThat(client.query("SHOW VERSION").rows).containsExactly(List.of("PgBouncer 1.25.2"));
  }
}
