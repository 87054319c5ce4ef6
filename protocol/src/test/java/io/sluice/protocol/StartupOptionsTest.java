package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupOptionsTest {
  private static final String UNSUPPORTED =
      "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c a=1",
        "-ca=1",
        "--a=1",
        "  -c   a=1",
        "-c a=1 ",
        "--a=1\t\n",
        "-c\ta=1",
        "\\-c a=1",
        "-c a\\=1",
        "-c a=1\\"
      })
  void readsEachSpellingAndPassesOverBlanks(String options) {
    assertThat(StartupOptions.parse(options)).containsExactly(entry("a", "1"));
  }

  @Test
  void readsNothing() {
    assertThat(StartupOptions.parse("")).isEmpty();
    assertThat(StartupOptions.parse(" \t ")).isEmpty();
  }

  @Test
  void keepsTheOrderAndTheLastValueOfAName() {
    assertThat(StartupOptions.parse("-c b=1 --a=2 -cb=3"))
        .containsExactly(entry("b", "3"), entry("a", "2"));
  }

  @Test
  void takesTheCharacterBehindABackslashAsItIs() {
    assertThat(StartupOptions.parse("-c search_path=a\\ b\\\\c --x=\\-\\'"))
        .containsExactly(entry("search_path", "a b\\c"), entry("x", "-'"));
    assertThat(StartupOptions.parse("-c my\\ key=1")).containsExactly(entry("my key", "1"));
  }

  @Test
  void splitsAtTheFirstEqualsSign() {
    assertThat(StartupOptions.parse("-c a=b=c -c d="))
        .containsExactly(entry("a", "b=c"), entry("d", ""));
  }

  @Test
  void takesDashesInNamesForUnderscoresAsPostgresDoes() {
    assertThat(StartupOptions.parse("--search-path=a-b -c statement-timeout=0"))
        .containsExactly(entry("search_path", "a-b"), entry("statement_timeout", "0"));
  }

  @Test
  void dropsABackslashThatHasNothingToMakeLiteral() {
    assertThat(StartupOptions.parse("\\")).isEmpty();
    assertThat(StartupOptions.parse("-c a=1\\")).containsExactly(entry("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=1",
        "-d a=1",
        "-",
        "--",
        "-c",
        "-c ",
        "-c a",
        "--a",
        "--=1",
        "-c =1",
        "-c a=1 b",
        "-C a=1",
        "-c a=1 -c",
        "-c a=1 -"
      })
  void refusesAnythingElse(String options) {
    assertThatThrownBy(() -> StartupOptions.parse(options))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage(UNSUPPORTED);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsAnyTextOrRefusesIt(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder options = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        options.append("-c =\\ab\t".charAt(random.nextInt(8)));
      }
      try {
        assertThat(StartupOptions.parse(options.toString()).keySet())
            .as("seed %s, round %s: %s", seed, round, options)
            .allSatisfy(name -> assertThat(name).isNotEmpty().doesNotContain("="));
      } catch (ProtocolViolation refused) {
        assertThat(refused).hasMessage(UNSUPPORTED);
      }
    }
  }
}
