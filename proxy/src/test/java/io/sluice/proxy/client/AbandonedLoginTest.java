package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.guard.Visitor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients who leave while somebody is asked whether their password is right. */
class AbandonedLoginTest {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);

  /** Those who can be asked at the same time. */
  private static final int THREADS = 8;

  /** {@code BindResponse}, success, to the first message of a connection. */
  private static final byte[] RIGHT = {
    0x30, 0x0c, 0x02, 0x01, 0x01, 0x61, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00
  };

  private ServerSocket directory;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    directory = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    directory.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS));
    proxy =
        new RunningProxy(
            "auth_type = ldap",
            "auth_ldap_options = ldapserver=127.0.0.1 ldapport="
                + directory.getLocalPort()
                + " ldapprefix=\"uid=\" ldapsuffix=\",dc=example\"");
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    directory.close();
  }

  /** A client whose password the proxy has. */
  private Peer guess() throws IOException {
    Peer client = proxy.connect();
    client.send(Wire.startup("user", "alice", "database", "own"));
    assertThat(client.read().text()).isEqualTo("\0\0\0\3");
    client.send(Wire.password("guess"));
    return client;
  }

  private Visitor.Snapshot loopback() {
    return proxy.onLoop(
        () -> proxy.proxy().clients().visitors().snapshots(System.nanoTime()).get(1));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void countsAsFailedWhoLeavesBeforeTheAnswer() throws IOException {
    // Given
    Peer client = guess();
    try (Socket asked = directory.accept()) {
      // When
      client.close();

      // Then
      await("a failed login", () -> loopback().failedTotal() == 1);
      assertThat(asked.isClosed()).isFalse();
    }
    await("nobody", () -> proxy.onLoop(() -> proxy.proxy().clients().count()) == 0);
    // The directory has hung up, which is no further failure.
    try (Peer next = guess()) {
      directory.accept().close();
      next.readToEnd();
    }
    assertThat(loopback().failedTotal()).isEqualTo(2);
  }

  @Test
  void takesItBackWhenThePasswordWasRight() throws IOException {
    // Given
    Peer client = guess();
    try (Socket asked = directory.accept()) {
      client.close();
      await("a failed login", () -> loopback().failed() == 1);

      // When
      asked.getOutputStream().write(RIGHT);

      // Then
      await("no failed login", () -> loopback().failed() == 0);
      assertThat(loopback().failedTotal()).isZero();
    }
  }

  @Test
  void asksNobodyAboutThoseWhoHaveLeft() throws IOException {
    // Given
    List<Peer> first = new ArrayList<>();
    List<Socket> asked = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      first.add(guess());
      asked.add(directory.accept());
    }
    int strangers = 20;
    for (int i = 0; i < strangers; i++) {
      guess().close();
    }
    await("gone", () -> proxy.onLoop(() -> proxy.proxy().clients().count()) == THREADS);

    // When
    try (Peer last = guess()) {
      for (Socket one : asked) {
        one.close();
      }
      for (Peer one : first) {
        one.readToEnd();
        one.close();
      }

      // Then
      directory.accept().close();
      assertThat(last.readToEnd().get(0).text()).contains("MLDAP authentication failed");
    }
    assertThat(loopback().failedTotal()).isEqualTo(THREADS + strangers + 1L);
  }
}
