package io.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that tells the way of a query names classes and methods that exist. */
class ArchitecturePageTest {
  private static final Path PAGE = Path.of("..", "docs", "architecture.md");
  private static final Pattern NAMED = Pattern.compile("`([a-z]+)/([A-Z]\\w+)(?:\\.(\\w+))?`");

  @Test
  void namesWhatExists() throws IOException {
    Matcher named = NAMED.matcher(Files.readString(PAGE));
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      count++;
      Path file = source(named.group(1), named.group(2));
      String method = named.group(3);
      if (!Files.exists(file)
          || (method != null && !Files.readString(file).contains(" " + method + "("))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(12);
  }

  private static Path source(String directory, String name) {
    Path proxy = Path.of("src", "main", "java", "io", "sluice", "proxy", directory, name + ".java");
    Path protocol =
        Path.of(
            "..", "protocol", "src", "main", "java", "io", "sluice", "protocol", name + ".java");
    return directory.equals("protocol") ? protocol : proxy;
  }
}
