package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's own PAM, with services of ours. */
class PamTest {
  @TempDir private static Path directory;

  @BeforeAll
  static void makeServices() throws IOException {
    Assumptions.assumeTrue(hasModules(), "no PAM here");
    Path script = directory.resolve("check");
    Files.writeString(
        script,
        """
        #!/bin/sh
        read -r given
        test "$given" = "sécret" && test "$PAM_USER" = "alice" && test "$PAM_RHOST" = "192.0.2.1"
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        directory.resolve("ours"),
        "auth required pam_exec.so expose_authtok quiet "
            + script
            + "\naccount required pam_permit.so\n");
    Files.writeString(
        directory.resolve("locked"), "auth required pam_permit.so\naccount required pam_deny.so\n");
  }

  private static boolean hasModules() throws IOException {
    for (String place : List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64")) {
      for (Path below : architectures(Path.of(place))) {
        if (Files.exists(below.resolve("security/pam_exec.so"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The directory, and {@code x86_64-linux-gnu} and the like in it. */
  private static List<Path> architectures(Path place) throws IOException {
    List<Path> all = new ArrayList<>(List.of(place));
    if (Files.isDirectory(place)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(place, "*-linux-*")) {
        found.forEach(all::add);
      }
    }
    return all;
  }

  private static String check(String service, String user, String password) {
    String wrong = new Pam(service, directory).check(user, password, "192.0.2.1");
    return wrong == null ? "right" : wrong;
  }

  @Test
  void tellsRightFromWrongPasswords() {
    assertThat(check("ours", "alice", "sécret")).isEqualTo("right");
    assertThat(check("ours", "alice", "wrong")).isNotEqualTo("right");
    assertThat(check("ours", "bob", "sécret")).isNotEqualTo("right");
  }

  @Test
  void asksWhetherTheAccountMayBeUsed() {
    assertThat(check("locked", "alice", "any")).isNotEqualTo("right");
  }

  @Test
  void refusesEverybodyWithoutAService() {
    assertThat(check("nowhere", "alice", "sécret")).isNotEqualTo("right");
  }

  @Test
  void answersManyAtOnce() {
    List<String> verdicts =
        IntStream.range(0, 32)
            .parallel()
            .mapToObj(i -> check("ours", "alice", i % 2 == 0 ? "sécret" : "wrong"))
            .toList();

    for (int i = 0; i < verdicts.size(); i++) {
      assertThat(verdicts.get(i).equals("right")).isEqualTo(i % 2 == 0);
    }
  }
}
