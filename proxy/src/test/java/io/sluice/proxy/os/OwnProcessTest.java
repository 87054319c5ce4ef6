package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What Linux's files say is what the C library and the JDK say. */
class OwnProcessTest {
  @Test
  void knowsItsNumber() {
    assertThat(OwnProcess.pid()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void knowsItsUser() {
    assertThat(OwnProcess.effectiveUid()).isEqualTo(Libc.geteuid());
  }

  @Test
  void knowsItsLimitOfFiles() {
    assertThat(FileLimit.read()).isEqualTo(FileLimit.ask());
  }

  @Test
  void hasNoRowThatIsNotThere() {
    assertThat(OwnProcess.row("status", "NoSuchRow:")).isNull();
    assertThat(OwnProcess.row("no-such-file", "Uid:")).isNull();
  }
}
