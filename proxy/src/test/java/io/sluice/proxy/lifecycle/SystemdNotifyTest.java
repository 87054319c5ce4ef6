package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.proxy.os.DatagramInbox;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {
  @TempDir Path dir;

  @Test
  void saysWhatSystemdWantsToHear() {
    String path = dir.resolve("notify").toString();
    try (DatagramInbox inbox = new DatagramInbox(path)) {
      SystemdNotify systemd = SystemdNotify.in(Map.of("NOTIFY_SOCKET", path));
      systemd.ready();
      assertThat(inbox.next()).isEqualTo("READY=1");
      long beforeUs = System.nanoTime() / 1000;
      systemd.reloading();
      String reloading = inbox.next();
      assertThat(reloading).startsWith("RELOADING=1\nMONOTONIC_USEC=");
      assertThat(Long.parseLong(reloading.substring(27)))
          .isBetween(beforeUs, System.nanoTime() / 1000);
      systemd.stopping();
      assertThat(inbox.next()).isEqualTo("STOPPING=1");
      systemd.status("5 xacts/s, 3 μs\nREADY=1");
      assertThat(inbox.next()).isEqualTo("STATUS=5 xacts/s, 3 μs READY=1");
    }
  }

  @Test
  void knowsAbstractSockets() {
    String name = "@sluice-notify-" + System.nanoTime();
    try (DatagramInbox inbox = new DatagramInbox(name)) {
      SystemdNotify.in(Map.of("NOTIFY_SOCKET", name)).ready();
      assertThat(inbox.next()).isEqualTo("READY=1");
    }
  }

  @Test
  void isSilentWhereNobodyListens() {
    assertThatCode(
            () -> {
              SystemdNotify.in(Map.of()).ready();
              SystemdNotify.in(Map.of("NOTIFY_SOCKET", "vsock:2:1")).ready();
              SystemdNotify.in(Map.of("NOTIFY_SOCKET", dir.resolve("x").toString())).ready();
            })
        .doesNotThrowAnyException();
  }
}
