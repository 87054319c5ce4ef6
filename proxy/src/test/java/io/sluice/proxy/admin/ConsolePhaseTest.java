package io.sluice.proxy.admin;

import static io.sluice.proxy.fake.Wire.password;
import static io.sluice.proxy.fake.Wire.startup;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.fake.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolePhaseTest {
  private static RunningConsole console;
  private Wire client;

  @BeforeAll
  static void start() throws IOException {
    console = RunningConsole.start();
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  @BeforeEach
  void login() throws IOException {
    client = console.login(RunningConsole.BOSS);
  }

  @AfterEach
  void leave() throws IOException {
    client.close();
  }

  @Test
  void greetsWithItsOwnParameters() {
    assertThat(client.parameters)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "server_version", "1.25.2/bouncer",
                "client_encoding", "UTF8",
                "server_encoding", "UTF8",
                "DateStyle", "ISO",
                "TimeZone", "GMT",
                "standard_conforming_strings", "on",
                "is_superuser", "on"));
  }

  @Test
  void repeatsWhatTheClientHasAskedFor() throws IOException {
    Map<String, String> startup =
        Map.of(
            "user", "boss",
            "database", "pgbouncer",
            "timezone", "Europe/Vienna",
            "application_name", "my tool",
            "extra_float_digits", "2");

    try (Wire other = Wire.login(console.proxy.port(), startup)) {
      assertThat(other.parameters)
          .containsEntry("TimeZone", "Europe/Vienna")
          .containsEntry("application_name", "my tool")
          .doesNotContainKey("extra_float_digits");
      assertThat(other.query("SHOW CLIENTS").column("application_name")).contains("my tool");
    }
  }

  @Test
  void takesACommandThatComesByteByByte() throws IOException {
    byte[] message = "Q\0\0\0\u0011SHOW VERSION\0".getBytes(StandardCharsets.ISO_8859_1);
    for (byte one : message) {
      client.sendBytes(new byte[] {one});
    }

    assertThat(client.lettersToReady()).isEqualTo("TDCZ");
  }

  @Test
  void takesSeveralCommandsThatComeTogether() throws IOException {
    client.send(
        out -> {
          FrontendWriter.query(out, "SHOW VERSION");
          FrontendWriter.query(out, "SHOW nonsense");
          FrontendWriter.query(out, "SHOW STATE");
        });

    assertThat(client.lettersToReady()).isEqualTo("TDCZ");
    assertThat(client.lettersToReady()).isEqualTo("EZ");
    assertThat(client.lettersToReady()).isEqualTo("TDDDCZ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";",
        "SHOW",
        "SHOW POOLS; SHOW STATS",
        "BEGIN",
        "SELECT 1",
        "FLUSH",
        "RELOAD app",
        "SUSPEND app",
        "SHUTDOWN please",
        "SET x",
        "SET x = 'a",
        "PAUSE = 1",
        "SHOW 'pools'",
        "SHOW POOLS extra"
      })
  void refusesWhatIsNoCommandAndRepeatsIt(String text) throws IOException {
    Reply reply = client.query(text);

    assertThat(reply.letters).isEqualTo("EZ");
    assertThat(reply.error())
        .isEqualTo("ERROR 08P01 invalid command '" + text + "', use SHOW HELP;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void answersAnEmptyQueryAsPostgresDoes(String text) throws IOException {
    assertThat(client.query(text).letters).isEqualTo("IZ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABCDEFGHIJKLMNOP", "PAUSE %64", "SET %64 = 1", "SET verbose = '%256'"})
  void refusesWordsThatAreTooLong(String pattern) throws IOException {
    String text = pattern.replace("%64", "x".repeat(64)).replace("%256", "x".repeat(256));

    assertThat(client.query(text).error()).isEqualTo("ERROR 08P01 bad arguments");
  }

  @ParameterizedTest
  @CsvSource({
    "client_encoding, UTF-8",
    "default_transaction_isolation, read committed",
    "standard_conforming_strings, on",
    "datestyle, ISO",
    "timezone, GMT"
  })
  void answersWhatDriversAsk(String name, String value) throws IOException {
    Reply reply = client.query("SHOW " + name);

    assertThat(reply.columns).containsExactly(name + ":25");
    assertThat(reply.column(name)).containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_encoding", "DateStyle", "timezone", "application_name"})
  void ignoresWhatDriversSet(String name) throws IOException {
    Reply reply = client.query("SET " + name + " TO 'x y'");

    assertThat(reply.letters).isEqualTo("NCZ");
    assertThat(reply.notices).containsExactly("SET ignored");
    assertThat(reply.tag()).isEqualTo("SET");
  }

  @Test
  void endsTheConnectionOfWhoeverSendsWhatHasNoPlaceHere() throws IOException {
    client.send(FrontendWriter::copyDone);

    Reply reply = Reply.of(client.readToReady());

    assertThat(reply.errors)
        .containsExactly(
            "ERROR 08P01 unsupported packet type for admin console: 99", "FATAL 08P01 bad packet");
  }

  @Test
  void endsTheConnectionOfWhoeverSendsAHugeCommand() throws IOException {
    client.sendBytes(new byte[] {'Q', 0x7f, 0, 0, 0, 'S'});

    assertThat(Reply.of(client.readToReady()).error())
        .isEqualTo("FATAL 08P01 bad packet: message of 2130706428 bytes");
  }

  @Test
  void leavesWithoutAnAnswerToTerminate() throws IOException {
    client.send(FrontendWriter::terminate);

    assertThat(client.readToReady()).isEmpty();
  }

  /** Who the administrators are is not told to those who have proved nothing. */
  @Test
  void asksStrangersForAPasswordToo() throws IOException {
    // auth_type=any makes everybody a statistics user: the list decides only without it.
    console.text = console.text.replace("auth_type = any", "auth_type = plain");
    assertThat(client.query("RELOAD").tag()).isEqualTo("RELOAD");

    for (String name : List.of("boss", "stranger")) {
      try (Peer asked = Peer.connect(console.proxy.port())) {
        asked.send(startup("user", name, "database", "pgbouncer"));
        assertThat(asked.read().text()).isEqualTo("\0\0\0\3");
        asked.send(password("wrong"));
        assertThat(asked.read().text()).contains("Mpassword authentication failed");
      }
    }
    console.text = console.text.replace("auth_type = plain", "auth_type = any");
    assertThat(client.query("RELOAD").tag()).isEqualTo("RELOAD");
  }
}
