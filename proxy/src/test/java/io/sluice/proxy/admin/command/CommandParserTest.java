package io.sluice.proxy.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "show pools|SHOW|pools",
        "SHOW Pools|SHOW|Pools",
        "  \t show \t stats  ;  |SHOW|stats",
        "pause|PAUSE|",
        "PAUSE;|PAUSE|",
        "pause app_1;|PAUSE|app_1",
        "pause \"my db\"|PAUSE|my db",
        "pause \"say \"\"hi\"\"\"|PAUSE|say \"hi\"",
        "\"pause\" x|PAUSE|x",
        "kill_client 12|KILL_CLIENT|12",
        "set|SET|",
        "set x|SET|x"
      })
  void takesACommandApart(String text, String word, @Nullable String argument) {
    CommandText parts = CommandParser.parse(text);

    assertThat(parts)
        .isEqualTo(new CommandText(word, argument == null ? "" : argument, null, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set a=b|a|b",
        "SET a = b ;|a|b",
        "set a to b|a|b",
        "set a TO b|a|b",
        "set a tob|a|b",
        "set total = 1|total|1",
        "set to = 1|to|1",
        "set a = 'x y'|a|x y",
        "set a = 'it''s';|a|it's",
        "set a=''|a|``",
        "set a = \"B c\"|a|B c",
        "set \"k\" = v|k|v"
      })
  void takesAnAssignmentApart(String text, String key, String value) {
    assertThat(CommandParser.parse(text)).isEqualTo(new CommandText("SET", key, value, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ";",
        "show pools;;",
        "show pools; show stats",
        "show-pools",
        "show pools x",
        "show 'pools'",
        "pause \"\"",
        "pause \"open",
        "pause a\"b\"",
        "pause é",
        "set a = ",
        "set a = 'open",
        "set a = b.c",
        "set a = /tmp/x",
        "set a = 'x' y",
        "set = b",
        "seta=b",
        "set a b",
        "select 1 + 1"
      })
  void refusesWhatIsNoCommand(String text) {
    assertThat(CommandParser.parse(text)).isNull();
  }

  @Test
  void findsQuotedNamesAgainWhateverTheyHold() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      String name = randomText(random, "ab\"'; =\\é", 1 + random.nextInt(12));
      String value = randomText(random, "ab\"'; =\\é", random.nextInt(12));

      String pause = "PAUSE \"" + name.replace("\"", "\"\"") + "\"";
      String set =
          "SET \"" + name.replace("\"", "\"\"") + "\" = '" + value.replace("'", "''") + "'";

      assertThat(CommandParser.parse(pause))
          .as("seed %d: %s", seed, pause)
          .isEqualTo(new CommandText("PAUSE", name, null, pause));
      assertThat(CommandParser.parse(set))
          .as("seed %d: %s", seed, set)
          .isEqualTo(new CommandText("SET", name, value, set));
    }
  }

  @Test
  void neverFailsOnGarbage() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      String text = randomText(random, "SETset tTo=;'\"\n\t\0x_1.", random.nextInt(20));

      CommandText parts = CommandParser.parse(text);

      if (parts != null) {
        assertThat(parts.source()).as("seed %d", seed).isEqualTo(text);
      }
    }
  }

  private static String randomText(Random random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
