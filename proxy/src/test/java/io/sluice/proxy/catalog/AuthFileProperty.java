package io.sluice.proxy.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every user list. */
class AuthFileProperty {
  private static final String ALPHABET = "ab\"\"\"; \t\r\\é#";

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void readsBackWhatWasWritten(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Map<String, String> expected = new HashMap<>();
      StringBuilder file = new StringBuilder();
      for (int line = random.nextInt(5); line > 0; line--) {
        String user = "u" + text(random);
        String secret = text(random);
        file.append(quoted(user)).append(' ').append(quoted(secret)).append('\n');
        expected.put(user, secret);
      }
      AuthFile.Result result = AuthFile.parse("list", file.toString().getBytes(UTF_8));
      Map<String, String> read = new HashMap<>();
      ((AuthFile.Loaded) result).secrets().forEach((user, c) -> read.put(user, c.stored()));
      assertThat(read).as("seed %s, round %s:%n%s", seed, round, file).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void survivesAnyBytes(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      for (int i = 0; i < bytes.length; i++) {
        boolean any = random.nextInt(8) == 0;
        bytes[i] = (byte) (any ? random.nextInt(256) : "\"\"\"a \n;".charAt(random.nextInt(7)));
      }
      AuthFile.Result result = AuthFile.parse("list", bytes);
      if (result instanceof AuthFile.Refused refused) {
        assertThat(refused.problems()).as("seed %s, round %s", seed, round).isNotEmpty();
      } else {
        assertThat(((AuthFile.Loaded) result).secrets().keySet())
            .as("seed %s, round %s", seed, round)
            .allSatisfy(user -> assertThat(user).isNotEmpty().doesNotContain("\n"));
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
