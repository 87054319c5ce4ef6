package io.sluice.demo.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireClientTest {
  private ServerSocket listener;
  private Socket server;
  private WireClient client;

  @BeforeEach
  void connect() throws Exception {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    client = WireClient.connect(WireAddress.tcp("127.0.0.1", listener.getLocalPort()));
    server = listener.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    listener.close();
  }

  @Test
  void losesNothingWhenAMessageComesTooLate() throws Exception {
    byte[] big = new byte[100_000];
    byte[] message = FrontendMessages.raw('D', big);
    server.getOutputStream().write(message, 0, 50_000);
    assertThatThrownBy(() -> client.readMessage(Duration.ofMillis(50)))
        .isInstanceOf(WireTimeout.class);

    server.getOutputStream().write(message, 50_000, message.length - 50_000);

    assertThat(client.readMessage()).isEqualTo(new WireMessage('D', big));
  }

  @Test
  void refusesAMessageOfImpossibleLength() throws Exception {
    server.getOutputStream().write(ByteBuffer.allocate(5).put((byte) 'Z').putInt(3).array());

    assertThatThrownBy(() -> client.readMessage())
        .isInstanceOf(IOException.class)
        .hasMessage("message 'Z' of impossible length 3");
  }

  @Test
  void returnsWhatCameBeforeTheEnd() throws Exception {
    server.getOutputStream().write(FrontendMessages.raw('1', new byte[0]));
    server.close();

    assertThat(client.expectClosed()).containsExactly(new WireMessage('1', new byte[0]));
  }

  @Test
  void takesAResetForTheEndToo() throws Exception {
    server.setSoLinger(true, 0);
    server.close();

    assertThat(client.expectClosed()).isEmpty();
  }

  @Test
  void saysWhenTheConnectionStaysOpen() {
    client.patience(Duration.ofMillis(50));

    assertThatThrownBy(() -> client.expectClosed()).isInstanceOf(WireTimeout.class);
  }

  @Test
  void givesUpWhenThePeerReadsNothing() {
    client.patience(Duration.ofMillis(50));

    assertThatThrownBy(() -> client.send(new byte[64 << 20])).isInstanceOf(WireTimeout.class);
  }
}
