package io.sluice.it;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The built pooler: the launcher and the jar that it runs. */
final class SluiceInstallation {
  private static final Path LAUNCHER = Path.of("sluice");
  private static final Path JAR = Path.of("proxy", "target", "sluice.jar");

  private SluiceInstallation() {}

  /**
   * Returns a launcher that another user can run: the tree's own, or, where that user may not enter
   * the tree (root's home, say), a copy in {@code spare}.
   */
  static Path launcher(Unprivileged user, Path spare) throws IOException {
    Path home = Path.of(System.getProperty("sluice.home", "..")).toAbsolutePath().normalize();
    if (!Files.exists(home.resolve(JAR))) {
      throw new IOException("not built: " + home.resolve(JAR));
    }
    if (mayRead(user, home)) {
      return home.resolve(LAUNCHER);
    }
    for (Path file : List.of(LAUNCHER, JAR)) {
      Path target = spare.resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(home.resolve(file), target);
    }
    spare.resolve(LAUNCHER).toFile().setExecutable(true, false);
    return spare.resolve(LAUNCHER);
  }

  private static boolean mayRead(Unprivileged user, Path home) throws IOException {
    List<String> test =
        List.of(
            "sh",
            "-c",
            "test -x \"$1\" && test -r \"$2\"",
            "sh",
            home.resolve(LAUNCHER).toString(),
            home.resolve(JAR).toString());
    return Command.of(user.command(test)).run(Duration.ofSeconds(20)).isSuccess();
  }
}
