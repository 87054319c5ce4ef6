package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  private static final Path FILE = Path.of("pgbouncer.ini");

  @Test
  void needsNothingButAFile() {
    assertThat(Arguments.parse("pgbouncer.ini"))
        .isEqualTo(new Arguments.Run(FILE, false, false, false, 0, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-d -q -R -v -v -u bob pgbouncer.ini",
        "pgbouncer.ini -dqRvv -ubob",
        "--daemon --quiet --reboot --verbose --verbose --user=bob pgbouncer.ini",
        "-vqRvdu bob -- pgbouncer.ini",
      })
  void knowsPgBouncersOptionsInAllTheirSpellings(String line) {
    assertThat(Arguments.parse(line.split(" ")))
        .isEqualTo(new Arguments.Run(FILE, true, true, true, 2, "bob"));
  }

  @Test
  void helpAndVersionNeedNoFile() {
    assertThat(Arguments.parse("-h")).isEqualTo(new Arguments.Help());
    assertThat(Arguments.parse("--help", "x.ini")).isEqualTo(new Arguments.Help());
    assertThat(Arguments.parse("-V")).isEqualTo(new Arguments.Version());
    assertThat(Arguments.parse("check", "-h")).isEqualTo(new Arguments.Help());
  }

  @Test
  void saysThatTheFileIsMissing() {
    Arguments.Wrong wrong = new Arguments.Wrong("no configuration file specified");
    assertThat(Arguments.parse()).isEqualTo(wrong);
    assertThat(Arguments.parse("-q")).isEqualTo(wrong);
    assertThat(Arguments.parse("check")).isEqualTo(wrong);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-x a.ini", "a.ini b.ini", "--user", "-d=maybe a.ini", "check --fix a.ini"})
  void refusesWhatItDoesNotKnow(String line) {
    assertThat(Arguments.parse(line.split(" "))).isInstanceOf(Arguments.Wrong.class);
  }

  @Test
  void readsTheCheckCommand() {
    assertThat(Arguments.parse("check", "pgbouncer.ini"))
        .isEqualTo(new Arguments.Check(FILE, false));
    assertThat(Arguments.parse("check", "--connect", "pgbouncer.ini"))
        .isEqualTo(new Arguments.Check(FILE, true));
  }

  @Test
  void namesEveryOptionInItsUsage() {
    assertThat(Arguments.USAGE)
        .contains("-d, --daemon", "-u, --user", "-v, --verbose", "-q, --quiet", "-R, --reboot")
        .contains("-V, --version", "-h, --help", "check", "--connect", "demo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.ini",
        "-q a.ini",
        "a.ini -q",
        "-d -v a.ini",
        "--daemon --quiet --verbose a.ini",
        "-q --quiet a.ini",
        "-v -v a.ini",
        "-qd a.ini",
        "-q",
        "a.ini b.ini",
        "-x a.ini",
        "-R a.ini",
        "-u me a.ini",
      })
  void readsThePlainCommandLinesAsAllOthers(String line) {
    String[] words = line.split(" ");
    assertThat(Arguments.parse(words)).isEqualTo(Options.parse(words));
  }
}
