package io.sluice.config.doc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed papers are what the table says; {@code -Dupdate-docs} writes them anew. */
final class PapersTest {
  @Test
  void referenceIsUpToDate() throws IOException {
    assertUpToDate("docs/settings.md", SettingsReference.markdown());
  }

  @Test
  void iniExampleIsUpToDate() throws IOException {
    assertUpToDate("conf/pgbouncer.ini.example", ExampleConfig.ini());
  }

  @Test
  void hoconExampleIsUpToDate() throws IOException {
    assertUpToDate("conf/pgbouncer.conf.example", ExampleConfig.hocon());
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf/pgbouncer.ini.example", "conf/pgbouncer.conf.example"})
  void exampleLoadsWithoutProblems(String name) {
    Result result = ConfigLoader.load(root().resolve(name), Map.of());

    assertThat(result).isInstanceOf(Result.Loaded.class);
    assertThat(((Result.Loaded) result).warnings()).isEmpty();
    assertThat(((Result.Loaded) result).config().autoDatabase()).isNotNull();
  }

  @Test
  void everyCommentedLineOfTheIniExampleCanBeUsed() {
    String text = ExampleConfig.ini().replaceAll("(?m)^;([^;])", "$1");

    assertEverySettingIsGiven(text.replace("file:/run", "run"));
  }

  @Test
  void everyCommentedLineOfTheHoconExampleCanBeUsed() {
    String text = ExampleConfig.hocon().replaceAll("(?m)^  #(\\S)", "  $1");

    assertEverySettingIsGiven(text.replace("file:/run", "run").replace("= null", "= 0"));
  }

  @Test
  void everyDocStandsAloneAndEndsWithAFullStop() {
    for (Setting<?> setting : Settings.everywhere()) {
      assertThat(setting.doc()).as(setting.name()).endsWith(".").doesNotContain("\n", "  ");
      assertThat(setting.summary()).as(setting.name()).endsWith(".").hasSizeLessThan(250);
    }
  }

  private static void assertEverySettingIsGiven(String text) {
    Result result = ConfigLoader.parseText(text);
    assertThat(result).isInstanceOf(Result.Loaded.class);
    ProxyConfig config = ((Result.Loaded) result).config();
    assertThat(config.values().settings()).containsAll(Settings.in(Scope.GLOBAL));
    assertThat(config.databases()).hasSize(3);
    assertThat(config.users()).hasSize(2);
    assertThat(config.peers()).hasSize(2);
  }

  private static void assertUpToDate(String name, String wanted) throws IOException {
    Path file = root().resolve(name);
    if (System.getProperty("update-docs") != null) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, wanted);
    }
    assertThat(file).as("mvn test -Dupdate-docs writes it anew").exists();
    assertThat(Files.readString(file)).as(name).isEqualTo(wanted);
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    return Files.exists(directory.resolve("LICENSE"))
        ? directory
        : Objects.requireNonNull(directory.getParent());
  }
}
