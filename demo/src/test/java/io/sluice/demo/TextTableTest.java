package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.wire.WireColumn;
import io.sluice.demo.wire.WireResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final WireResult RESULT =
      new WireResult(
          List.of(
              new WireColumn("database", 25, -1, 0),
              new WireColumn("hidden", 25, -1, 0),
              new WireColumn("n", 23, 4, 0)),
          List.of(Arrays.asList("demo", "x", "10"), Arrays.asList(null, "y", "-1.5")),
          List.of("SHOW"),
          List.of());

  @Test
  void alignsTextLeftAndNumbersRight() {
    assertThat(TextTable.lines(RESULT, List.of("database", "n")))
        .containsExactly(
            " database | n", //
            "----------+------",
            " demo     |   10",
            "          | -1.5");
  }

  @Test
  void namesAColumnThatIsNotThere() {
    assertThatThrownBy(() -> TextTable.lines(RESULT, List.of("gone")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no column gone");
  }
}
