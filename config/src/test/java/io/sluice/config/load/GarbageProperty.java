package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.config.doc.ExampleConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a file, loading it ends in a result. */
final class GarbageProperty {
  private static final String[] PIECES = {
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    "\"",
    "'",
    "\"\"\"",
    "${",
    "${?",
    "$",
    "*",
    "\n",
    "\r\n",
    "\t",
    " ",
    ",",
    "+=",
    "#",
    ";",
    "//",
    "\\u12",
    "\\",
    "\0",
    "é",
    "\uD800",
    "pgbouncer",
    "[pgbouncer]",
    "databases",
    "[databases]",
    "[users]",
    "[peers]",
    "%include ",
    "include ",
    "required(",
    "file(",
    ")",
    "host=",
    "pool_size",
    "password=x",
    "max_client_conn = ",
    "0x",
    "-1",
    "1e999999999",
    "null",
    "true",
    "auth_type",
    "99999999999999999999",
    "a.b.c",
    "..",
    "@",
    "\uFEFF"
  };

  @TempDir Path directory;

  @Test
  void survivesEveryTruncationOfBothExamples() {
    for (String text :
        new String[] {shortened(ExampleConfig.ini()), shortened(ExampleConfig.hocon())}) {
      for (int length = 0; length <= text.length(); length++) {
        assertEndsInAResult(text.substring(0, length), "length " + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void survivesRandomPieces(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      StringBuilder text = new StringBuilder(round % 2 == 0 ? "pgbouncer {\n" : "[pgbouncer]\n");
      for (int piece = random.nextInt(40); piece >= 0; piece--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      assertEndsInAResult(text.toString(), "seed " + seed + " round " + round);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void survivesRandomBytesInAFile(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      Path file = directory.resolve("garbage");
      Files.write(file, bytes);

      Result result = ConfigLoader.load(file, Map.of());

      assertThat(result).as("seed " + seed + " round " + round).isInstanceOf(Result.Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void survivesChangedLettersInTheExamples(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      StringBuilder text =
          new StringBuilder(
              shortened(round % 2 == 0 ? ExampleConfig.ini() : ExampleConfig.hocon()));
      for (int change = random.nextInt(5); change >= 0; change--) {
        text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(96)));
      }
      assertEndsInAResult(text.toString(), "seed " + seed + " round " + round);
    }
  }

  private static void assertEndsInAResult(String text, String where) {
    assertThatCode(
            () -> {
              Result result = ConfigLoader.parseText(text);
              if (result instanceof Result.Refused refused) {
                assertThat(refused.problems()).as(where).isNotEmpty();
                refused.problems().forEach(problem -> assertThat(problem.toString()).isNotEmpty());
              }
            })
        .as(where)
        .doesNotThrowAnyException();
  }

  /** Takes comments away, so that what is cut and changed means something. */
  private static String shortened(String example) {
    return example
        .replaceAll("(?m)^\\s*;;.*\\n", "")
        .replaceAll("(?m)^\\s*# .*\\n", "")
        .replaceAll("(?m)^(\\s*)[;#]", "$1")
        .replaceAll("\\n\\n+", "\n");
  }
}
