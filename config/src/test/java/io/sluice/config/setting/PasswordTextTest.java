package io.sluice.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.value.PasswordSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordTextTest {
  private static Parsed<PasswordSource> parse(String text) {
    return PasswordText.parse(text);
  }

  private static List<String> words(String text) {
    PasswordSource source = ((Parsed.Good<PasswordSource>) parse(text)).value();
    return ((PasswordSource.Command) source).words();
  }

  @Test
  void splitsACommandAtBlanksAndKeepsWhatIsQuoted() {
    assertThat(words("exec:/bin/a b  c\td")).containsExactly("/bin/a", "b", "c", "d");
    assertThat(words("exec:/bin/a 'b c' \"d e\" f' 'g ''"))
        .containsExactly("/bin/a", "b c", "d e", "f g", "");
    assertThat(words("exec:/opt/my\\ tool \\'x \\\\ 'a\\b' \"a\\b\\\"\\\\\""))
        .containsExactly("/opt/my tool", "'x", "\\", "a\\b", "a\\b\"\\");
  }

  @Test
  void knowsNothingOfWhatAShellWouldDo() {
    assertThat(words("exec:/bin/a $HOME `id` $(id) ~ * | b > c ; d && e # f"))
        .containsExactly(
            "/bin/a", "$HOME", "`id`", "$(id)", "~", "*", "|", "b", ">", "c", ";", "d", "&&", "e",
            "#", "f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec:/a 'b", "exec:/a \"b", "exec:/a \"b\\\"", "exec:/a b\\"})
  void refusesWhatDoesNotEnd(String text) {
    assertThat(parse(text)).isInstanceOf(Parsed.Bad.class);
    assertThat(parse(text).toString()).doesNotContain("/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec:", "exec:relative", "Exec:/x", "file:", "file:relative", "secret"})
  void takesOtherTextsForPasswords(String text) {
    assertThat(parse(text)).isEqualTo(Parsed.good(new PasswordSource.Literal(text)));
  }

  @Test
  void showsNoSecrets() {
    assertThat(new PasswordSource.Literal("hunter2").toString()).doesNotContain("hunter2");
    assertThat(new PasswordSource.Command(List.of("/bin/echo", "hunter2")).toString())
        .isEqualTo("command /bin/echo");
  }
}
