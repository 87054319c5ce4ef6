package io.sluice.it.script;

import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import io.sluice.demo.wire.WireTimeout;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One client of a script while it is played. Not thread-safe. */
final class Seat implements Closeable {
  private final WireClient client;
  private final Map<String, String> parameters;
  private final Outstanding outstanding = new Outstanding();
  private boolean closed;

  private Seat(WireClient client) {
    this.client = client;
    this.parameters = new HashMap<>(client.parameters());
  }

  /** Connects and logs in. */
  static Seat login(WireAddress address, WireLogin login, Duration patience) throws IOException {
    return new Seat(WireClient.login(address, login).patience(patience));
  }

  /** Sends a burst, in one write or two. */
  void send(Burst burst) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Request request : burst.requests()) {
      all.writeBytes(request.bytes());
      outstanding.sent(request);
    }
    byte[] bytes = all.toByteArray();
    int cut = Math.min(burst.cut(), bytes.length);
    try {
      if (cut > 0) {
        client.send(Arrays.copyOf(bytes, cut));
      }
      client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
    } catch (IOException e) {
      // The other side was faster; what it said before is still to be read.
    }
  }

  /**
   * Reads the next answer, in print.
   *
   * @throws WireTimeout when none comes
   */
  String answer() throws IOException {
    try {
      WireMessage message = client.readMessage();
      while (message.type() == 'S' && isKnown(message)) {
        message = client.readMessage();
      }
      outstanding.received(message);
      return AnswerText.of(message);
    } catch (WireTimeout e) {
      throw e;
    } catch (IOException e) {
      closed = true;
      return Turn.CLOSED;
    }
  }

  /** A server that has changed hands may report what the client has known for long. */
  private boolean isKnown(WireMessage status) {
    List<String> pair = status.cstrsFrom(0);
    return pair.get(1).equals(parameters.put(pair.get(0), pair.get(1)));
  }

  Outstanding outstanding() {
    return outstanding;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public String toString() {
    return outstanding.toString();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
