package io.sluice.protocol.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The expectations were taken from PostgreSQL 15 and 18: each password was set there, and the form
 * was kept whose StoredKey came out.
 */
class SaslPrepTest {
  /** Becomes a plain {@code a} whenever the text is normalized. */
  private static final String MARK = "\u00aa";

  @ParameterizedTest
  @ValueSource(strings = {"", "pencil", "with \u0007 control", " blanks  stay "})
  void leavesAsciiAlone(String password) {
    assertThat(prepared(password)).isEqualTo(password);
  }

  @Test
  void normalizesWithCompatibility() {
    assertThat(prepared(MARK)).isEqualTo("a");
    assertThat(prepared("\u2168")).isEqualTo("IX");
    assertThat(prepared("e\u0301")).isEqualTo("\u00e9");
    assertThat(prepared(MARK + "\u06de")).isEqualTo("a\u06de");
    assertThat(prepared("\ud800\udf00" + MARK)).isEqualTo("\ud800\udf00a");
  }

  @Test
  void makesEveryBlankASpace() {
    assertThat(prepared("\u00a0\u1680\u2000\u200b\u202f\u205f\u3000")).isEqualTo(" ".repeat(7));
  }

  @Test
  void dropsWhatIsMappedToNothing() {
    assertThat(prepared("I\u00adX")).isEqualTo("IX");
    assertThat(prepared("a\u034f\u1806\u180b\u180d\u200c\u200d\u2060\ufe00\ufe0f\ufeffb"))
        .isEqualTo("ab");
  }

  @Test
  void usesAPasswordAsItIsWhenNothingWouldBeLeft() {
    assertThat(prepared("\u00ad")).isEqualTo("\u00ad");
  }

  @ParameterizedTest(name = "U+{0}")
  @ValueSource(
      strings = {
        "7", "7F", "85", "340", "341", "6DD", "70F", "180E", "200E", "2028", "2029", "202A", "2061",
        "206A", "2FF0", "2FFB", "E000", "FDD0", "FDEF", "FFF9", "FFFD", "FFFE", "1D173", "1FFFF",
        "E0001", "E0020", "F0000", "10FFFF"
      })
  void usesAPasswordWithAForbiddenCharacterAsItIs(String hex) {
    assertUntouched(MARK + Character.toString(Integer.parseInt(hex, 16)));
  }

  @ParameterizedTest(name = "U+{0}")
  @ValueSource(strings = {"221", "242", "2064", "2E2F", "9FA6", "1F600", "2A6D7", "E01EF"})
  void usesAPasswordWithACharacterAfterUnicode32AsItIs(String hex) {
    assertUntouched(MARK + Character.toString(Integer.parseInt(hex, 16)));
  }

  @Test
  void usesAPasswordThatMixesDirectionsAsItIs() {
    assertUntouched(MARK + "\u05d0");
    assertUntouched("\u05d0" + MARK + "\u05d0");
    assertUntouched("\u05d0\u00a01");
    assertUntouched("1\u00a0\u05d0");
  }

  @Test
  void preparesTextOfOneDirection() {
    assertThat(prepared("\u05d0\u00a0\u05d0")).isEqualTo("\u05d0 \u05d0");
    assertThat(prepared("\u06271\u0628\u00a0\u0627")).isEqualTo("\u06271\u0628 \u0627");
    assertThat(prepared("\ufb1d\u05d0\ufb1d")).isEqualTo("\u05d9\u05b4\u05d0\u05d9\u05b4");
  }

  @ParameterizedTest(name = "U+{0}")
  @ValueSource(strings = {"CBF", "CC6", "1734", "2132", "2800", "28FF", "302E", "302F"})
  void takesNoDirectionThatUnicodeGaveAfter32(String hex) {
    String c = Character.toString(Integer.parseInt(hex, 16));
    assertThat(prepared("\u05d0" + c + "\ufb1d")).isNotEqualTo("\u05d0" + c + "\ufb1d");
  }

  @ParameterizedTest(name = "U+{0}")
  @ValueSource(strings = {"17B4", "17B5", "1885", "1886", "1D6C1", "1D6DB", "1D715", "1D7C3"})
  void keepsADirectionThatUnicodeTookAwayAfter32(String hex) {
    assertUntouched("\u05d0" + Character.toString(Integer.parseInt(hex, 16)) + "\ufb1d");
  }

  @Test
  void knowsTheBoundsOfTheUnassignedRanges() {
    assertThat(UnassignedCharacters.contains(0x220)).isFalse();
    assertThat(UnassignedCharacters.contains(0x221)).isTrue();
    assertThat(UnassignedCharacters.contains(0x222)).isFalse();
    assertThat(UnassignedCharacters.contains(0x233)).isFalse();
    assertThat(UnassignedCharacters.contains(0x234)).isTrue();
    assertThat(UnassignedCharacters.contains(0x240)).isTrue();
    assertThat(UnassignedCharacters.contains(0x24f)).isTrue();
    assertThat(UnassignedCharacters.contains(0x250)).isFalse();
    assertThat(UnassignedCharacters.contains(0x80)).isFalse();
    assertThat(UnassignedCharacters.contains(Character.MAX_CODE_POINT)).isTrue();
  }

  private static void assertUntouched(String password) {
    assertThat(prepared(password)).isEqualTo(password);
  }

  private static String prepared(String password) {
    return new String(SaslPrep.prepare(password), UTF_8);
  }
}
