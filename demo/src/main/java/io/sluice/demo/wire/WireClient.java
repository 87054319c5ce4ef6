package io.sluice.demo.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A blocking PostgreSQL client that hides nothing: send any bytes, read every message, each wait
 * with a deadline. Not thread-safe, but {@link #cancel()} may be called from another thread.
 */
public final class WireClient implements Closeable {
  /** How long a wait lasts unless said otherwise: far more than a loaded machine needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** No message of a test is longer; a longer one means that the stream is out of step. */
  private static final int MAX_MESSAGE_LENGTH = 1 << 30;

  private final WireAddress address;
  private final WireChannel channel;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<WireMessage> notices = new ArrayList<>();
  private final List<WireMessage> notifications = new ArrayList<>();
  private Duration patience = PATIENCE;
  private volatile int processId;
  private volatile byte[] secretKey = new byte[0];
  private char transactionStatus = '?';

  private WireClient(WireAddress address, WireChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /** Opens the connection and sends nothing. */
  public static WireClient connect(WireAddress address) throws IOException {
    return new WireClient(address, WireChannel.connect(address, PATIENCE));
  }

  /**
   * Opens the connection, logs in and reads up to the first ReadyForQuery.
   *
   * @throws WireError when the server refuses
   */
  public static WireClient login(WireAddress address, WireLogin login) throws IOException {
    WireClient client = connect(address);
    try {
      client.login(login);
      return client;
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Sets how long every later wait may last. */
  public WireClient patience(Duration limit) {
    patience = limit;
    return this;
  }

  /** Logs in on the open connection and returns the messages that came, ReadyForQuery the last. */
  public List<WireMessage> login(WireLogin login) throws IOException {
    send(FrontendMessages.startup(login.protocol(), login.parameters()));
    List<WireMessage> seen = new ArrayList<>();
    WireAuth auth = new WireAuth(login);
    WireMessage message;
    do {
      message = readMessage();
      seen.add(message);
      if (message.type() == 'E') {
        throw new WireError(message);
      }
      if (message.type() == 'R') {
        byte[] answer = auth.answer(message);
        if (answer.length > 0) {
          send(answer);
        }
      }
    } while (message.type() != 'Z');
    return seen;
  }

  /** Sends messages, or any bytes, as one write. */
  public void send(byte[]... packets) throws IOException {
    int length = 0;
    for (byte[] packet : packets) {
      length += packet.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] packet : packets) {
      all.put(packet);
    }
    channel.write(all.flip(), WireChannel.deadline(patience));
  }

  /**
   * Reads the next message, whatever it is.
   *
   * @throws EOFException when the server has closed the connection
   * @throws WireTimeout when it does not come in time; nothing is lost, a later call finds it
   */
  public WireMessage readMessage() throws IOException {
    return readMessage(patience);
  }

  /** Reads the next message within a limit, see {@link #readMessage()}. */
  public WireMessage readMessage(Duration limit) throws IOException {
    long deadlineNs = WireChannel.deadline(limit);
    ByteBuffer header = channel.peek(5, deadlineNs);
    char type = (char) (header.get() & 0xFF);
    int length = header.getInt();
    if (length < 4 || length > MAX_MESSAGE_LENGTH) {
      throw new IOException("message '" + type + "' of impossible length " + length);
    }
    byte[] whole = channel.read(1 + length, deadlineNs);
    WireMessage message = new WireMessage(type, Arrays.copyOfRange(whole, 5, whole.length));
    remember(message);
    return message;
  }

  /** Reads messages up to the first of a type and returns them all, that one the last. */
  public List<WireMessage> readUntil(char type) throws IOException {
    List<WireMessage> seen = new ArrayList<>();
    WireMessage message;
    do {
      message = readMessage();
      seen.add(message);
    } while (message.type() != type);
    return seen;
  }

  /** Reads a single byte, the answer to SSLRequest and GSSENCRequest. */
  public char readByte() throws IOException {
    return (char) (channel.read(1, WireChannel.deadline(patience))[0] & 0xFF);
  }

  /**
   * Runs a simple query to its end.
   *
   * @throws WireError when the server reports an error; the connection is usable afterwards unless
   *     the error is fatal
   */
  public WireResult query(String sql) throws IOException {
    send(FrontendMessages.query(sql));
    return readResult();
  }

  /**
   * Reads the replies of a query up to ReadyForQuery.
   *
   * @throws WireError when the server reports an error
   */
  public WireResult readResult() throws IOException {
    WireResult result =
        new WireResult(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    WireError error = null;
    WireMessage message;
    do {
      message = readMessage();
      collect(message, result);
      if (message.type() == 'E') {
        error = new WireError(message);
        if (error.isFatal()) {
          throw error;
        }
      }
    } while (message.type() != 'Z');
    if (error != null) {
      throw error;
    }
    return result;
  }

  /**
   * Reads until the server closes the connection and returns what came before.
   *
   * @throws WireTimeout when it stays open
   */
  public List<WireMessage> expectClosed() throws IOException {
    List<WireMessage> seen = new ArrayList<>();
    try {
      while (true) {
        seen.add(readMessage());
      }
    } catch (EOFException | SocketException e) {
      return seen;
    } catch (WireTimeout e) {
      throw e;
    } catch (IOException e) {
      // A socket channel reports a reset by a bare IOException.
      if (String.valueOf(e.getMessage()).contains("reset")) {
        return seen;
      }
      throw e;
    }
  }

  /** Asks the server, on a connection of its own, to cancel what this client runs, and waits. */
  public void cancel() throws IOException {
    try (WireClient messenger = connect(address)) {
      messenger.send(FrontendMessages.cancelRequest(processId, secretKey));
      messenger.expectClosed();
    }
  }

  /** Returns the last value of each ParameterStatus. */
  public Map<String, String> parameters() {
    return Map.copyOf(parameters);
  }

  /** Returns the process id of BackendKeyData. */
  public int processId() {
    return processId;
  }

  /** Returns the secret of BackendKeyData: 4 bytes in protocol 3.0, up to 256 in 3.2. */
  public byte[] secretKey() {
    return secretKey.clone();
  }

  /** Returns the status of the last ReadyForQuery: I, T or E. */
  public char transactionStatus() {
    return transactionStatus;
  }

  /** Returns all NoticeResponses so far. */
  public List<WireMessage> notices() {
    return List.copyOf(notices);
  }

  /** Returns all NotificationResponses so far. */
  public List<WireMessage> notifications() {
    return List.copyOf(notifications);
  }

  /** Returns the port of this end of a TCP connection. */
  public int localPort() throws IOException {
    return channel.socket().getLocalAddress() instanceof InetSocketAddress local
        ? local.getPort()
        : 0;
  }

  /** Frees two of three file descriptors until the next wait: for thousands of idle clients. */
  public void park() throws IOException {
    channel.park();
  }

  /** Says that nothing more will be sent, while reading goes on. */
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Closes the connection with a reset, as a crashing client does. */
  public void abort() throws IOException {
    channel.reset();
  }

  /** Sends Terminate, if the connection still takes it, and closes the connection. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.socket().isOpen()) {
        channel.write(
            ByteBuffer.wrap(FrontendMessages.terminate()),
            WireChannel.deadline(Duration.ofSeconds(1)));
      }
    } catch (IOException e) {
      // The peer was faster, or reads no more: the connection is gone either way.
    }
  }

  private void remember(WireMessage message) {
    switch (message.type()) {
      case 'S' -> {
        List<String> pair = message.cstrsFrom(0);
        parameters.put(pair.get(0), pair.get(1));
      }
      case 'K' -> {
        processId = message.int32(0);
        secretKey = message.bytesFrom(4);
      }
      case 'Z' -> transactionStatus = (char) message.bytesFrom(0)[0];
      case 'N' -> notices.add(message);
      case 'A' -> notifications.add(message);
      default -> {}
    }
  }

  private static void collect(WireMessage message, WireResult result) {
    switch (message.type()) {
      case 'T' -> {
        result.columns().clear();
        result.columns().addAll(message.columns());
      }
      case 'D' -> result.rows().add(message.values());
      case 'C' -> result.tags().add(message.cstrsFrom(0).get(0));
      case 'N' -> result.notices().add(message);
      default -> {}
    }
  }

  @Override
  public String toString() {
    return address + " pid " + processId;
  }
}
