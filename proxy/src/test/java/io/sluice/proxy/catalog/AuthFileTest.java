package io.sluice.proxy.catalog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthFileTest {
  private static final String NO_USER = "expected a user in double quotes";
  private static final String NO_SECRET = "expected a secret in double quotes behind the user";

  @TempDir private Path directory;

  @Test
  void readsAUserAndASecretFromEachLine() {
    assertThat(loaded("\"alice\" \"wonder\"\n\"bob\"\t\"builder\"\n"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("alice", "wonder", "bob", "builder"));
  }

  @Test
  void readsTheLastLineWithoutALineEnd() {
    assertThat(loaded("\"a\" \"1\"\n\"b\" \"2\"")).containsOnlyKeys("a", "b");
  }

  @Test
  void acceptsBlanksBlankLinesCommentsAndCarriageReturns() {
    assertThat(loaded("\n  \t\r\n; \"x\" \"y\"\r\n  ;\n  \"a\"   \"1\"  \r\n\n"))
        .containsExactly(Map.entry("a", "1"));
  }

  @Test
  void keepsWhatStandsInsideTheQuotes() {
    assertThat(loaded("\" a;b \" \"  #\\n\\\" \"\n"))
        .containsExactly(Map.entry(" a;b ", "  #\\n\\"));
    assertThat(loaded("\"é\" \"pä$$\"\n")).containsExactly(Map.entry("é", "pä$$"));
  }

  @Test
  void makesOneQuoteOfTwo() {
    assertThat(loaded("\"a\"\"b\" \"\"\"\"\n\"c\"\"\" \"x\"\"\"\"y\"\n"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a\"b", "\"", "c\"", "x\"\"y"));
  }

  @Test
  void ignoresWhatFollowsTheSecret() {
    assertThat(loaded("\"a\" \"1\" \"old\" anything\n\"b\" \"2\"; or this\n\"c\"\"3\" \"4\"x\n"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "2", "c\"3", "4"));
  }

  @Test
  void takesTheLastLineOfAUser() {
    assertThat(loaded("\"a\" \"1\"\n\"b\" \"2\"\n\"a\" \"3\"\n")).containsEntry("a", "3");
  }

  @Test
  void acceptsAnEmptySecretAndAnEmptyFile() {
    assertThat(loaded("\"a\" \"\"\n")).containsExactly(Map.entry("a", ""));
    assertThat(loaded("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a \"1\"",
        "# comment",
        "'a' '1'",
        "\"a",
        "\"a\"\"",
        "\"a\"\" \"\"b",
        "1 \"a\" \"1\""
      })
  void refusesALineWithoutAUser(String line) {
    assertThat(problems(line)).containsExactly("list:1: broken auth file: " + NO_USER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"a\"", "\"a\" secret", "\"a\" \"secret", "\"a\", \"s\"", "\"a\" \"s\"\""})
  void refusesALineWithoutASecret(String line) {
    assertThat(problems(line)).containsExactly("list:1: broken auth file: " + NO_SECRET);
  }

  @Test
  void doesNotTakeASecretFromTheNextLine() {
    assertThat(problems("\"a\"\n\"b\" \"2\"\n\"c\" \"\n\"\n"))
        .containsExactly(
            "list:1: broken auth file: " + NO_SECRET,
            "list:3: broken auth file: " + NO_SECRET,
            "list:4: broken auth file: " + NO_USER);
  }

  @Test
  void acceptsNamesOf127BytesAndRefusesLongerAndEmptyOnes() {
    String sentence = ": broken auth file: a user name has 1 to 127 bytes";
    assertThat(loaded("\"" + "é".repeat(63) + "x\" \"1\"")).hasSize(1);
    assertThat(problems("\"" + "é".repeat(64) + "\" \"1\"\n\"\" \"1\"\n"))
        .containsExactly("list:1" + sentence, "list:2" + sentence);
  }

  @Test
  void refusesASecretThatNoMessageCanCarry() {
    assertThat(loaded("\"a\" \"" + "x".repeat(65_530) + "\"")).hasSize(1);
    assertThat(problems("\"a\" \"" + "x".repeat(65_531) + "\""))
        .containsExactly("list:1: broken auth file: a secret has at most 65530 bytes");
  }

  @Test
  void refusesBytesThatAreNotUtf8ButNotInComments() {
    String sentence = ": broken auth file: a name and a secret are UTF-8 without zero bytes";
    byte[] bytes = "; für\n\"a\" \"pä\"\n\"b\" \"x\0y\"\n".getBytes(ISO_8859_1);
    assertThat(refused(AuthFile.parse("list", bytes)))
        .containsExactly("list:2" + sentence, "list:3" + sentence);
  }

  @Test
  void reportsAtMostTwentyMistakes() {
    List<String> problems = problems("x\n".repeat(30));
    assertThat(problems).hasSize(21);
    assertThat(problems.get(19)).startsWith("list:20:");
    assertThat(problems.get(20)).isEqualTo("list: more mistakes follow");
    assertThat(problems("x\n".repeat(21))).hasSize(21);
    assertThat(problems("x\n".repeat(20))).hasSize(20);
  }

  @Test
  void neverQuotesTheFile() {
    assertThat(problems("\"alice\" \"hunter2\nhunter2\n\"alice\" hunter2\n\"\" \"hunter2\""))
        .hasSize(4)
        .allSatisfy(problem -> assertThat(problem).doesNotContain("hunter2", "alice"));
    AuthFile.Result good = AuthFile.parse("list", "\"alice\" \"hunter2\"".getBytes(UTF_8));
    assertThat(good.toString()).doesNotContain("hunter2");
    assertThat(String.valueOf(QuotedField.at("\"hunter2\"", 0))).doesNotContain("hunter2");
  }

  @Test
  void readsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("userlist.txt"), "\"a\" \"1\"\n");
    assertThat(secrets(AuthFile.read(file))).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void saysWhichFileCannotBeRead() {
    Path missing = directory.resolve("missing.txt");
    assertThat(refused(AuthFile.read(missing)))
        .containsExactly(missing + ": auth_file does not exist");
    assertThat(refused(AuthFile.read(directory)))
        .singleElement()
        .asString()
        .startsWith(directory + ": auth_file cannot be read: ");
  }

  private static Map<String, String> loaded(String text) {
    return secrets(AuthFile.parse("list", text.getBytes(UTF_8)));
  }

  private static List<String> problems(String text) {
    return refused(AuthFile.parse("list", text.getBytes(UTF_8)));
  }

  private static Map<String, String> secrets(AuthFile.Result result) {
    assertThat(result).isInstanceOf(AuthFile.Loaded.class);
    return ((AuthFile.Loaded) result)
        .secrets().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().stored()));
  }

  private static List<String> refused(AuthFile.Result result) {
    assertThat(result).isInstanceOf(AuthFile.Refused.class);
    return ((AuthFile.Refused) result).problems();
  }
}
