package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  @Test
  void rewritesOneLineOnATerminalAndCoversWhatWasLonger() {
    Screen screen = new Screen(out, true);

    screen.progress("a long one");
    screen.progress("short");
    screen.line("done");

    assertThat(text()).isEqualTo("\ra long one\rshort     \ndone\n");
  }

  @Test
  void printsALineEachTimeElsewhere() {
    Screen screen = new Screen(out, false);

    screen.progress("one");
    screen.replace("two");
    screen.line("done");

    assertThat(text()).isEqualTo("one\ntwo\ndone\n");
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
