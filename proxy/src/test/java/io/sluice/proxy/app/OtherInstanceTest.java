package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.value.Values;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherInstanceTest {
  @TempDir Path dir;

  @Test
  void refusesASocketThatIsServed() throws IOException {
    try (ServerSocketChannel server = listen()) {
      assertThatThrownBy(() -> OtherInstance.refuse(values(dir.toString())))
          .isInstanceOf(StartFailure.class)
          .hasMessage("unix socket is in use, cannot continue");
      assertThat(server.accept()).as("the visitor was a real one").isNotNull();
    }
  }

  @Test
  void takesOverAFileThatADeadProcessLeft() throws IOException {
    listen().close();
    assertThatCode(() -> OtherInstance.refuse(values(dir.toString()))).doesNotThrowAnyException();
  }

  @Test
  void refusesThePortOfAPostgres() throws IOException {
    Files.writeString(dir.resolve(".s.PGSQL.7777.lock"), "1\n");
    assertThatThrownBy(() -> OtherInstance.refuse(values(dir.toString())))
        .hasMessage("unix port 7777 is in use");
  }

  @Test
  void findsNobodyWhereThereIsNoSocket() {
    assertThatCode(() -> OtherInstance.refuse(values(dir.toString()))).doesNotThrowAnyException();
    assertThatCode(() -> OtherInstance.refuse(values(""))).doesNotThrowAnyException();
    assertThatCode(() -> OtherInstance.refuse(values("@x"))).doesNotThrowAnyException();
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(dir.resolve(".s.PGSQL.7777")));
    return server;
  }

  private static Values values(String directory) {
    String text = "[pgbouncer]\nauth_type = any\nlisten_addr = *\nlisten_port = 7777\n";
    return Configs.of(text + "unix_socket_dir = " + directory + "\n").values();
  }
}
