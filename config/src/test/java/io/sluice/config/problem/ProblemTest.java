package io.sluice.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.value.Origin;
import org.junit.jupiter.api.Test;

final class ProblemTest {
  private static final Origin PLACE = new Origin("a.ini", 3);

  @Test
  void writesAllItsParts() {
    assertThat(Problem.error(PLACE, "pool_mode", "x", "not a mode", "write session"))
        .hasToString("a.ini:3: pool_mode = x: not a mode (write session)");
  }

  @Test
  void leavesOutWhatIsNotThere() {
    assertThat(Problem.warning(new Origin("a.ini", 0), "", null, "no such file", null))
        .hasToString("a.ini: no such file");
    assertThat(Problem.warning(PLACE, "users.u", null, "odd", null))
        .hasToString("a.ini:3: users.u: odd");
  }

  @Test
  void keepsNamesAndValuesOnOneShortLine() {
    String name = "a\nb" + "c".repeat(500);
    String value = "x\r\n\u001b[31m" + "y".repeat(500);

    assertThat(Problem.error(PLACE, name, value, "odd", null).toString())
        .hasSizeLessThan(400)
        .doesNotContain("\n", "\r", "\u001b");
  }

  @Test
  void tellsErrorsFromWarnings() {
    assertThat(Problem.error(PLACE, "", null, "x", null).isError()).isTrue();
    assertThat(Problem.warning(PLACE, "", null, "x", null).isError()).isFalse();
  }
}
