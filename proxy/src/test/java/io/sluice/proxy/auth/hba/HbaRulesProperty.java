package io.sluice.proxy.auth.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of words and bytes at random. */
class HbaRulesProperty {
  @TempDir private Path directory;

  /** Whatever stands in a file, it is understood or refused. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void survivesGarbage(long seed) throws IOException {
    Random random = new Random(seed);
    String[] words = {
      "local",
      "host",
      "hostssl",
      "all",
      "sameuser",
      "\"",
      "\"\"",
      ",",
      "@hba.conf",
      "/^(a|b)*$",
      "/[",
      "10.0.0.0/8",
      "::1/128",
      "::",
      "trust",
      "md5",
      "cert",
      "ldap",
      "map=m",
      "#",
      "\\",
      "include",
      "include_dir",
      ".",
      "\0",
      "\n",
      "\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "é",
      "+r",
      "="
    };
    for (int i = 0; i < 400; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextInt(4) == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = directory.resolve("hba.conf");
      Files.write(file, bytes);
      assertThat(HbaRules.read(file, file)).as("seed %d, file %d", seed, i).isNotNull();
    }
  }
}
