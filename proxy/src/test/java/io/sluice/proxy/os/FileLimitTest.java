package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileLimitTest {
  @Test
  void raisesTheSoftLimitToTheHardOne() throws IOException {
    FileLimit limit = FileLimit.raise();
    assertThat(limit.soft()).isEqualTo(limit.hard());
    assertThat(kernelSays("Max open files")).contains(shown(limit.soft()), shown(limit.hard()));
  }

  @Test
  void forbidsCoreFilesWithoutTouchingTheHardLimit() throws IOException {
    String hard = kernelSays("Max core file size").get(1);
    FileLimit.forbidCoreFiles();
    assertThat(kernelSays("Max core file size")).startsWith("0", hard);
  }

  private static String shown(long limit) {
    return limit == Long.MAX_VALUE ? "unlimited" : Long.toString(limit);
  }

  /** The columns of a row of the kernel's own table, after its name. */
  private static List<String> kernelSays(String name) throws IOException {
    for (String row : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (row.startsWith(name)) {
        return List.of(row.substring(name.length()).trim().split("\\s+"));
      }
    }
    throw new IllegalStateException("no row " + name);
  }
}
