package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.write.FrontendWriter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of the console that speaks the protocol by hand. */
final class Wire implements AutoCloseable {
  /** Far longer than anything here takes: a test that meets it has failed. */
  private static final int TIMEOUT_MS = 30_000;

  private final int port;
  private final Socket socket;
  private final DataInputStream in;
  final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<Message> greeting = new ArrayList<>();
  private @Nullable CancelKey key;

  /** One message of the console. */
  record Message(byte type, ByteBuf body) {
    char letter() {
      return (char) type;
    }

    /** The body as text. */
    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }

  private Wire(int port) throws IOException {
    this.port = port;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Logs in to the console. */
  static Wire login(int port, String user) throws IOException {
    return login(port, Map.of("user", user, "database", "pgbouncer"));
  }

  static Wire login(int port, Map<String, String> startup) throws IOException {
    Wire wire = new Wire(port);
    wire.send(out -> FrontendWriter.startup(out, ProtocolVersion.V3_0, startup));
    for (Message message : wire.readToReady()) {
      wire.greeting.add(message);
      wire.greeted(message);
    }
    return wire;
  }

  private void greeted(Message message) {
    ByteBuf body = message.body().duplicate();
    if (message.type() == BackendType.PARAMETER_STATUS) {
      String[] parts = message.text().split("\0", -1);
      parameters.put(parts[0], parts[1]);
    } else if (message.type() == BackendType.BACKEND_KEY_DATA) {
      int process = body.readInt();
      byte[] secret = new byte[body.readableBytes()];
      body.readBytes(secret);
      key = new CancelKey(process, secret);
    }
  }

  /** The errors with which the login was refused. */
  List<String> refusals() {
    return Reply.of(greeting).errors;
  }

  // ---- sending

  /** Sends messages in one packet. */
  void send(Consumer<ByteBuf> messages) throws IOException {
    ByteBuf out = Unpooled.buffer();
    messages.accept(out);
    sendBytes(ByteBufUtil.getBytes(out));
  }

  void sendBytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** A Bind with result formats. */
  static void bind(ByteBuf out, String portal, String statement, int... formats) {
    out.writeByte(FrontendType.BIND);
    int at = out.writerIndex();
    out.writeInt(0);
    ByteBufUtil.writeUtf8(out, portal + "\0" + statement + "\0");
    out.writeShort(0);
    out.writeShort(0);
    out.writeShort(formats.length);
    for (int format : formats) {
      out.writeShort(format);
    }
    out.setInt(at, out.writerIndex() - at);
  }

  /** Sends the client's cancel request over a connection of its own, and waits for its end. */
  void cancel() throws IOException {
    CancelKey mine = key;
    if (mine == null) {
      throw new IllegalStateException("no key was received");
    }
    try (Wire other = new Wire(port)) {
      other.send(out -> FrontendWriter.cancelRequest(out, mine));
      other.expectEnd();
    }
  }

  /** Ends the connection without a word. */
  void vanish() throws IOException {
    socket.close();
  }

  // ---- receiving

  /** Runs a command in the simple protocol. */
  Reply query(String text) throws IOException {
    send(out -> FrontendWriter.query(out, text));
    return Reply.of(readToReady());
  }

  Message read() throws IOException {
    byte type = in.readByte();
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return new Message(type, Unpooled.wrappedBuffer(body));
  }

  /** Reads up to ReadyForQuery, or up to the end of the connection. */
  List<Message> readToReady() throws IOException {
    List<Message> messages = new ArrayList<>();
    Message message;
    do {
      try {
        message = read();
      } catch (EOFException | SocketException end) {
        return messages;
      }
      messages.add(message);
    } while (message.type() != BackendType.READY_FOR_QUERY);
    return messages;
  }

  /** The types of the messages up to ReadyForQuery, one letter each. */
  String lettersToReady() throws IOException {
    return letters(readToReady());
  }

  static String letters(List<Message> messages) {
    StringBuilder letters = new StringBuilder();
    messages.forEach(message -> letters.append(message.letter()));
    return letters.toString();
  }

  /** Says whether something can be read now. */
  boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  void expectEnd() throws IOException {
    int next = in.read();
    if (next >= 0) {
      throw new IOException("expected the end, got a message of type " + (char) next);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
