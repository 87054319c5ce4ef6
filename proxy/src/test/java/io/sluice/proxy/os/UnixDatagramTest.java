package io.sluice.proxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDatagramTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;

  @Test
  void reachesASocketThatIsAFile() {
    String path = dir.resolve("inbox").toString();
    try (DatagramInbox inbox = new DatagramInbox(path);
        UnixDatagram socket = UnixDatagram.open()) {
      assertThat(socket.send(path, HELLO)).isTrue();
      assertThat(inbox.next()).isEqualTo("hello");
    }
  }

  @Test
  void reachesASocketInTheAbstractNamespace() {
    String name = "@sluice-test-" + System.nanoTime();
    try (DatagramInbox inbox = new DatagramInbox(name);
        UnixDatagram socket = UnixDatagram.open()) {
      assertThat(socket.send(name, HELLO)).isTrue();
      assertThat(inbox.next()).isEqualTo("hello");
    }
  }

  @Test
  void losesWhatNobodyListensFor() {
    try (UnixDatagram socket = UnixDatagram.open()) {
      assertThat(socket.send(dir.resolve("nobody").toString(), HELLO)).isFalse();
    }
  }

  @Test
  void losesWhatAFullReceiverHasNoRoomFor() {
    String path = dir.resolve("full").toString();
    try (DatagramInbox inbox = new DatagramInbox(path);
        UnixDatagram socket = UnixDatagram.open()) {
      int sent = 0;
      while (sent < 100_000 && socket.send(path, HELLO)) {
        sent++;
      }
      assertThat(sent).isBetween(1, 99_999);
      assertThat(inbox.isEmpty()).isFalse();
    }
  }

  @Test
  void refusesANameThatDoesNotFit() {
    try (UnixDatagram socket = UnixDatagram.open()) {
      assertThat(socket.send("/" + "x".repeat(108), HELLO)).isFalse();
      assertThat(socket.send("", HELLO)).isFalse();
    }
  }
}
