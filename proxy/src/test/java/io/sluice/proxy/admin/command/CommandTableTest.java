package io.sluice.proxy.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  /** SET decides itself: what drivers set is ignored for everybody. */
  private static final List<String> FOR_EVERYBODY = List.of("SET");

  @Test
  void letsOnlyAdministratorsChangeAnything() {
    assertThat(CommandTable.rows())
        .filteredOn(row -> !row.needsAdmin())
        .extracting(CommandRow::word)
        .isEqualTo(FOR_EVERYBODY);
  }

  @Test
  void letsOnlyAdministratorsSeeDescriptorsAndSecrets() {
    assertThat(Shows.LINES.stream().flatMap(List::stream))
        .filteredOn(ShowRow::needsAdmin)
        .extracting(ShowRow::word)
        .containsExactly("FDS");
  }

  @Test
  void understandsEveryCommandThatItHelpsWith() {
    for (CommandRow row : CommandTable.rows()) {
      for (String line : row.help()) {
        String text =
            line.replace("[<db>]", "app")
                .replace("<db>", "app")
                .replace("<client_id>", "1")
                .replace("WAIT_FOR_SERVERS|", "");

        assertThat(CommandTable.read(text)).as(text).isInstanceOf(Reading.Understood.class);
        assertThat(CommandTable.read(text.toLowerCase(Locale.ROOT)))
            .as(text)
            .isInstanceOf(Reading.Understood.class);
      }
    }
  }

  @Test
  void knowsTheColumnsOfWhatItShowsBeforehand() {
    for (ShowRow row : Shows.LINES.stream().flatMap(List::stream).toList()) {
      Reading reading = CommandTable.read("SHOW " + row.word());

      assertThat(reading).isInstanceOf(Reading.Understood.class);
      boolean hasColumns = ((Reading.Understood) reading).columns() != null;
      assertThat(hasColumns).as(row.word()).isEqualTo(!row.word().equals("HELP"));
    }
  }

  @Test
  void takesNothingForNothing() {
    assertThat(CommandTable.read("")).isInstanceOf(Reading.Empty.class);
    assertThat(CommandTable.read(" \n")).isInstanceOf(Reading.Empty.class);
    assertThat(CommandTable.read(";")).isInstanceOf(Reading.NotUnderstood.class);
  }
}
