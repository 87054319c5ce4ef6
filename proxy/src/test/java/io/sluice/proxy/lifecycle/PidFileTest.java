package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidFileTest {
  @TempDir Path dir;

  private Path path = Path.of("");

  @BeforeEach
  void choosePath() {
    path = dir.resolve("sluice.pid");
  }

  @Test
  void holdsThePidOfThisProcessUntilRemoved() throws IOException {
    PidFile file = new PidFile(path);
    file.check();
    file.write();
    assertThat(path).hasContent(ProcessHandle.current().pid() + "\n");
    file.remove();
    assertThat(path).doesNotExist();
  }

  @Test
  void refusesAFileWhoseProcessLives() throws IOException {
    Files.writeString(path, ProcessHandle.current().pid() + "\n");
    assertThatThrownBy(() -> new PidFile(path, 1).check())
        .isInstanceOf(IOException.class)
        .hasMessage("pidfile '%s' exists, another instance running?", path);
    assertThat(path).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "x", "-1", "12x", "99999999999999999999"})
  void refusesAFileThatHoldsNoPid(String content) throws IOException {
    Files.writeString(path, content);
    assertThatThrownBy(() -> new PidFile(path).check())
        .hasMessage("pidfile '%s' exists, another instance running?", path);
  }

  @Test
  void removesAFileWhoseProcessIsGone() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(path, gone.pid() + "\n");
    PidFile file = new PidFile(path);
    file.check();
    assertThat(path).doesNotExist();
    assertThatCode(file::write).doesNotThrowAnyException();
  }

  @Test
  void takesItsOwnNumberForAnEarlierProcess() throws IOException {
    Files.writeString(path, ProcessHandle.current().pid() + "\n");
    new PidFile(path).check();
    assertThat(path).doesNotExist();
  }

  @Test
  void doesNotOverwriteAFileThatAppearedMeanwhile() throws IOException {
    PidFile file = new PidFile(path);
    file.check();
    Files.writeString(path, "1\n");
    assertThatThrownBy(file::write)
        .hasMessage("pidfile '%s' exists, another instance running?", path);
    assertThat(path).hasContent("1\n");
  }

  @Test
  void leavesTheFileOfAnotherProcess() throws IOException {
    PidFile file = new PidFile(path);
    file.write();
    Files.writeString(path, "1\n");
    file.remove();
    assertThat(path).hasContent("1\n");
  }

  @Test
  void saysWhyItCannotWrite() {
    Path nowhere = dir.resolve("no/dir/x.pid");
    assertThatThrownBy(() -> new PidFile(nowhere).write())
        .hasMessageStartingWith("could not write pidfile '" + nowhere + "': ");
  }
}
