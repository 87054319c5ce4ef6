package io.sluice.proxy.app;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for a process that already serves where we are to serve. */
final class OtherInstance {
  private OtherInstance() {}

  /**
   * Refuses to go on if somebody listens on our Unix socket, or a PostgreSQL claims its port.
   *
   * @throws StartFailure if so
   */
  static void refuse(Values values) throws StartFailure {
    String directory = values.get(Settings.UNIX_SOCKET_DIR);
    if (directory.isEmpty() || directory.startsWith("@")) {
      // An abstract socket cannot be left behind by a dead process: binding it tells.
      return;
    }
    int port = values.get(Settings.LISTEN_PORT);
    Path socket = Path.of(directory, ".s.PGSQL." + port);
    if (Files.exists(Path.of(socket + ".lock"))) {
      throw new StartFailure("unix port " + port + " is in use");
    }
    if (isServed(socket)) {
      throw new StartFailure("unix socket is in use, cannot continue");
    }
  }

  private static boolean isServed(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      // Nobody there, or a file left behind, which the listener replaces.
      return false;
    }
  }
}
