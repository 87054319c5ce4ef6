package io.sluice.proxy.lifecycle;

import io.sluice.proxy.os.UnixDatagram;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is doing, where systemd started it: one datagram of {@code
 * KEY=value} lines to the socket named by {@code NOTIFY_SOCKET}. Silent elsewhere. Thread-safe.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify</a>
 */
public final class SystemdNotify {
  private final @Nullable String socketPath;

  private SystemdNotify(@Nullable String socketPath) {
    this.socketPath = socketPath;
  }

  /** Finds systemd's socket in an environment; paths and abstract names are known. */
  public static SystemdNotify in(Map<String, String> environment) {
    String path = environment.get("NOTIFY_SOCKET");
    boolean known = path != null && (path.startsWith("/") || path.startsWith("@"));
    return new SystemdNotify(known ? path : null);
  }

  /** The service is up, or up again after a reload. */
  public void ready() {
    send("READY=1");
  }

  /** A reload begins; {@link #ready} ends it. */
  public void reloading() {
    // systemd wants the clock that nanoTime reads on Linux, CLOCK_MONOTONIC.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** The service is about to end. */
  public void stopping() {
    send("STOPPING=1");
  }

  /** Sets the line that {@code systemctl status} shows. */
  public void status(String line) {
    send("STATUS=" + line.replace('\n', ' '));
  }

  private void send(String message) {
    if (socketPath == null) {
      return;
    }
    try (UnixDatagram socket = UnixDatagram.open()) {
      socket.send(socketPath, message.getBytes(StandardCharsets.UTF_8));
    }
  }
}
