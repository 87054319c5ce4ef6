package io.sluice.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void givesInputEnvironmentAndDirectoryAndTakesOutput() throws Exception {
    CommandResult result =
        Command.of("sh", "-c", "cat; echo \" $COLOUR\"; pwd; echo oops >&2; exit 3")
            .reading("said")
            .with("COLOUR", "green")
            .in(directory)
            .run(LIMIT);

    assertThat(result.output()).isEqualTo("said green\n" + directory.toRealPath() + "\noops\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.isSuccess()).isFalse();
  }

  @Test
  void doesNotMindAProgramThatReadsNothing() throws Exception {
    assertThat(Command.of("true").reading("x".repeat(1 << 20)).run(LIMIT).isSuccess()).isTrue();
  }

  @Test
  void killsWhatRunsTooLongAndSaysWhatItWrote() {
    Command endless = Command.of("sh", "-c", "echo begun; exec sleep 600");

    assertThatThrownBy(() -> endless.run(Duration.ofSeconds(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not end within 1s")
        .hasMessageContaining("begun");
  }

  @Test
  void namesAProgramThatDoesNotExist() {
    assertThatThrownBy(() -> Command.of("no-such-program").run(LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-program");
  }
}
