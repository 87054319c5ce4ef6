package io.sluice.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves something only when it runs as root; as another user it shows that nothing changes. */
class UnprivilegedTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void neverRunsAsRoot() throws Exception {
    for (Unprivileged way : List.of(Unprivileged.anyhow(), Unprivileged.asOtherUser())) {
      CommandResult result = Command.of(way.command(List.of("id", "-u"))).run(LIMIT);

      assertThat(result.output().strip()).matches("[1-9][0-9]*");
    }
  }

  @Test
  void mayWriteToADirectoryItWasGiven() throws Exception {
    for (Unprivileged way : List.of(Unprivileged.anyhow(), Unprivileged.asOtherUser())) {
      Path own = Files.createTempDirectory("sluice-own-");
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));

      way.own(own);

      List<String> touch = List.of("touch", own.resolve("written").toString());
      CommandResult result = Command.of(way.command(touch)).run(LIMIT);
      assertThat(result.isSuccess()).as(result.output()).isTrue();
      Files.delete(own.resolve("written"));
      Files.delete(own);
    }
  }

  @Test
  void isAnotherUserForTheFileSystemToo() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "root's");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    Unprivileged way = Unprivileged.asOtherUser();
    CommandResult result = Command.of(way.command(List.of("cat", secret.toString()))).run(LIMIT);

    assertThat(result.isSuccess()).isEqualTo(!Unprivileged.isRoot());
  }
}
