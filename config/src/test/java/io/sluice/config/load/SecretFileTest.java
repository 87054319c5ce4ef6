package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Parsed;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PasswordSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFileTest {
  @TempDir Path directory;

  private String file = "";

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("secret").toString();
  }

  @Test
  void readsASecretFromItsFileInBothDialects() throws IOException {
    Files.writeString(Path.of(file), " hunter 2 \n");

    assertThat(password("[pgbouncer]\n[databases]\na = user=u password=file:" + file + "\n"))
        .isEqualTo(" hunter 2 ");
    assertThat(
            password(
                "pgbouncer {}\ndatabases { a { user = u, password = \"file:" + file + "\" } }"))
        .isEqualTo(" hunter 2 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:", "file:relative", "File:/x", "xfile:/y"})
  void takesOtherTextsAsTheyAre(String text) {
    assertThat(password("[pgbouncer]\n[databases]\na = user=u password=" + text + "\n"))
        .isEqualTo(text);
  }

  @Test
  void reportsAFileThatIsMissingOrEmptyWithoutShowingTheValue() throws IOException {
    String text = "[pgbouncer]\n[databases]\na = user=u password=file:" + file + "\n";

    assertThat(Loads.errors(text))
        .containsExactly(
            "test:3: databases.a.password = ****: the secret can not be read: no such file (file "
                + file
                + ")");
    Files.writeString(Path.of(file), "\n");
    assertThat(Loads.errors(text))
        .containsExactly(
            "test:3: databases.a.password = ****: the file of the secret is empty (file "
                + file
                + ")");
  }

  @Test
  void cutsOneLineEndOnly() throws IOException {
    Files.writeString(Path.of(file), "a\r\n\r\n");

    assertThat(password("[pgbouncer]\n[databases]\na = user=u password=file:" + file + "\n"))
        .isEqualTo("a\r\n");
  }

  @Test
  void neverShowsASecretInProblemsOrTexts() {
    String secret = "hunter2";
    for (String text :
        List.of(
            "[pgbouncer]\n[databases]\na = password=" + secret + "\n",
            "[pgbouncer]\nauth_ldap_options = " + secret + "\n",
            "[pgbouncer]\n[databases]\na = pasword=" + secret + "\n",
            "[pgbouncer]\n[databases]\na = host=x password='" + secret + "\n",
            "[pgbouncer]\npassword = " + secret + "\n",
            "[pgbouncer]\na = host=x password=" + secret + "\n",
            "pgbouncer {}\ndatabases { a { password = [" + secret + ", {}] } }",
            "pgbouncer {}\ndatabases { a { password = " + secret + " : x } }")) {
      assertThat(everythingSaidAbout(text)).doesNotContain(secret);
    }
  }

  private static String everythingSaidAbout(String text) {
    Result result = ConfigLoader.parseText(text);
    if (result instanceof Result.Loaded loaded) {
      return loaded.config() + problems(loaded.warnings()) + loaded;
    }
    return problems(((Result.Refused) result).problems());
  }

  private static String problems(List<Problem> problems) {
    return problems.toString() + problems.stream().map(Problem::value).toList();
  }

  private static String password(String text) {
    DatabaseConfig database = Objects.requireNonNull(Loads.good(text).database("a"));
    PasswordSource source = Objects.requireNonNull(database.password());
    if (source instanceof PasswordSource.File file) {
      return ((Parsed.Good<String>) SecretFile.read(file.path())).value();
    }
    return ((PasswordSource.Literal) source).password();
  }
}
