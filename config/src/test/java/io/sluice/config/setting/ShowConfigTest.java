package io.sluice.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.value.Values;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The rows of SHOW CONFIG are PgBouncer's: name, default, changeable, in its order. */
final class ShowConfigTest {
  @Test
  void hasTheRowsOfPgBouncerInItsOrder() throws IOException {
    List<String> rows =
        Settings.all().stream()
            .map(
                setting ->
                    String.join(
                        "\t",
                        setting.name(),
                        Objects.requireNonNullElse(setting.defaultText(), "NULL"),
                        setting.reload() == Reload.RESTART ? "no" : "yes"))
            .toList();

    assertThat(rows).containsExactlyElementsOf(golden());
  }

  @Test
  void printsEveryDefaultAsItIsWrittenExceptTheOctalOne() {
    Values defaults = Values.global().build();
    for (Setting<?> setting : Settings.all()) {
      boolean octal = setting == Settings.UNIX_SOCKET_MODE;
      assertThat(defaults.print(setting))
          .as(setting.name())
          .isEqualTo(octal ? "511" : setting.defaultText());
    }
  }

  private static List<String> golden() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(ShowConfigTest.class.getResourceAsStream("show-config.tsv"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
