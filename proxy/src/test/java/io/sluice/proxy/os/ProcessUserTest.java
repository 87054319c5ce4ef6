package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUserTest {
  @Test
  void becomesAnotherUserWithItsGroupsInEveryThread() throws Exception {
    assumeTrue(OwnProcess.effectiveUid() == OwnProcess.ROOT, "only root may become somebody else");
    String[] nobody = passwd("nobody");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BecomeUserMain.class.getName(),
                "nobody")
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).endsWith("root: false\n").doesNotContain("gone");
    assertThat(lines(out, "Uid:")).hasSizeGreaterThan(5).containsOnly(fourTimes(nobody[2]));
    assertThat(lines(out, "Gid:")).hasSizeGreaterThan(5).containsOnly(fourTimes(nobody[3]));
    assertThat(lines(out, "Groups:")).containsOnly(nobody[3]);
  }

  @Test
  void refusesAUserThatThereIsNot() {
    assertThatThrownBy(() -> ProcessUser.become("no-such-user"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("could not find user 'no-such-user'");
  }

  @Test
  void staysWhoItIsWhenAskedForThat() throws Exception {
    ProcessUser.become(System.getProperty("user.name"));
    assertThat(OwnProcess.effectiveUid())
        .isEqualTo(Integer.parseInt(passwd(System.getProperty("user.name"))[2]));
  }

  private static String[] passwd(String user) throws Exception {
    for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
      if (line.startsWith(user + ":")) {
        return line.split(":");
      }
    }
    throw new IllegalStateException("no user " + user);
  }

  private static List<String> lines(String out, String key) {
    return out.lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip())
        .toList();
  }

  private static String fourTimes(String id) {
    return String.join("\t", id, id, id, id);
  }
}
