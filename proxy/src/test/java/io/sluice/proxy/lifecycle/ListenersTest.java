package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import io.sluice.proxy.net.Listener;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Loops;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets to listen on: what is bound, refused and cleaned up. */
class ListenersTest {
  private final Transport transport = Transport.best();
  private final Loops loops = Loops.start(transport, 1);
  private final List<PgConnection> accepted = new CopyOnWriteArrayList<>();
  private final LoopContext loop = loops.first();
  private final Listeners listeners = new Listeners(loop, transport, Accepting::new);

  @TempDir private Path directory;

  /** Counts who comes. */
  private final class Accepting implements Listener.Acceptor {
    @Override
    public LoopContext loop() {
      return loop;
    }

    @Override
    public void accepted(PgConnection connection) {
      accepted.add(connection);
    }
  }

  @AfterEach
  void close() {
    listeners.close();
    loops.close(3);
  }

  private void open(String... settings) throws IOException {
    Result result =
        ConfigLoader.parseText(
            "[pgbouncer]\nauth_type = any\n" + String.join("\n", settings) + "\n");
    assertThat(result).isInstanceOf(Result.Loaded.class);
    Values values = ((Result.Loaded) result).config().values();
    listeners.open(values, Listeners.tuningOf(() -> values));
  }

  private Path socketFile(int port) {
    return directory.resolve(".s.PGSQL." + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitAccepted(int count) {
    TestProxy.await("accepted " + count, () -> accepted.size() == count);
  }

  @Test
  void listensOnBothFamiliesForAStar() throws IOException {
    // Given
    int port = freePort();

    // When
    open("listen_addr = *", "listen_port = " + port, "unix_socket_dir =");

    // Then
    try (Socket four = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
      awaitAccepted(1);
      assertThat(four.isConnected()).isTrue();
    }
    if (Files.exists(Path.of("/proc/net/if_inet6"))) {
      byte[] loopback = new byte[16];
      loopback[15] = 1;
      try (Socket six = new Socket(InetAddress.getByAddress(loopback), port)) {
        awaitAccepted(2);
        assertThat(six.isConnected()).isTrue();
      }
    }
  }

  @Test
  void listensOnSeveralAddresses() throws IOException {
    // Given
    int port = freePort();

    // When
    open("listen_addr = 127.0.0.1, 127.0.0.2", "listen_port = " + port, "unix_socket_dir =");

    // Then
    try (Socket one = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        Socket two = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port)) {
      awaitAccepted(2);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }

  @Test
  void refusesToStartWhenNoAddressOfTheListWorks() {
    assertThatThrownBy(
            () ->
                open(
                    "listen_addr = no-such-host.invalid",
                    "listen_port = 6432",
                    "unix_socket_dir = " + directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-host.invalid");
    assertThat(socketFile(6432)).doesNotExist();
  }

  @Test
  void replacesAStaleSocketFileAndSetsItsMode() throws IOException {
    // Given
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socketFile(6432)));
    }
    assertThat(socketFile(6432)).exists();

    // When
    open("unix_socket_dir = " + directory, "listen_port = 6432", "unix_socket_mode = 0640");

    // Then
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socketFile(6432))))
        .isEqualTo("rw-r-----");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socketFile(6432)))) {
      awaitAccepted(1);
      assertThat(client.isConnected()).isTrue();
    }
    listeners.close();
    assertThat(socketFile(6432)).doesNotExist();
  }

  @Test
  void leavesTheSocketOfARunningInstanceAlone() throws IOException {
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Given
      other.bind(UnixDomainSocketAddress.of(socketFile(6432)));

      // When, Then
      assertThatThrownBy(() -> open("unix_socket_dir = " + directory, "listen_port = 6432"))
          .isInstanceOf(IOException.class)
          .hasMessage("unix socket is in use, cannot continue");
      assertThat(socketFile(6432)).exists();
    }
  }

  @Test
  void acceptsNobodyWhileSuspended() throws Exception {
    // Given
    int port = freePort();
    open("listen_addr = 127.0.0.1", "listen_port = " + port, "unix_socket_dir = " + directory);
    onLoop(() -> listeners.setAccepting(false));

    // When: the system takes both connections
    try (Socket tcp = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        SocketChannel unix = SocketChannel.open(UnixDomainSocketAddress.of(socketFile(port)))) {
      assertThat(tcp.isConnected() && unix.isConnected()).isTrue();
      onLoop(() -> {});
      onLoop(() -> {});

      // Then
      assertThat(accepted).isEmpty();
      onLoop(() -> listeners.setAccepting(true));
      awaitAccepted(2);
    }
  }

  private void onLoop(Runnable turn) throws Exception {
    loop.loop().submit(turn).get(10, TimeUnit.SECONDS);
  }

  @Test
  void seesThatPostgresUsesThePort() throws IOException {
    // Given
    Files.createFile(directory.resolve(".s.PGSQL.6432.lock"));

    // When, Then
    assertThatThrownBy(() -> open("unix_socket_dir = " + directory, "listen_port = 6432"))
        .isInstanceOf(IOException.class)
        .hasMessage("unix port 6432 is in use");
  }

  @Test
  void refusesAGroupThatDoesNotExistAndLeavesNoSocketBehind() {
    assertThatThrownBy(
            () ->
                open(
                    "unix_socket_dir = " + directory,
                    "listen_port = 6432",
                    "unix_socket_group = no-such-group"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unix_socket_group")
        .hasMessageContaining("no-such-group");
    assertThat(socketFile(6432)).doesNotExist();
  }
}
