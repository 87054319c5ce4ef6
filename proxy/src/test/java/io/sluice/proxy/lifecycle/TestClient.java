package io.sluice.proxy.lifecycle;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client, blocking, with a deadline for every wait. */
final class TestClient implements AutoCloseable {
  private static final int PATIENCE_MS = 15_000;
  private static final int PROTOCOL_3_0 = 196_608;
  private static final int CANCEL_CODE = 80877102;

  private final int port;
  private final Socket socket;
  private final DataInputStream in;
  private byte[] key = new byte[0];

  private TestClient(int port) throws IOException {
    this.port = port;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** A client that has sent its StartupMessage. */
  static TestClient start(int port, String database, String user) throws IOException {
    return start(port, database, user, Map.of());
  }

  /** A client that has sent its StartupMessage, with more parameters. */
  static TestClient start(int port, String database, String user, Map<String, String> more)
      throws IOException {
    TestClient client = new TestClient(port);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(join(cstr("user"), cstr(user), cstr("database"), cstr(database)));
    more.forEach((name, value) -> all.writeBytes(join(cstr(name), cstr(value))));
    all.write(0);
    byte[] parameters = all.toByteArray();
    client.send(
        ByteBuffer.allocate(8).putInt(8 + parameters.length).putInt(PROTOCOL_3_0).array(),
        parameters);
    return client;
  }

  /** A connection that has said nothing, and can {@link #cancel} by a key. */
  static TestClient withKeyOf(int port, int processId, int secret) throws IOException {
    TestClient client = new TestClient(port);
    client.key = ByteBuffer.allocate(8).putInt(processId).putInt(secret).array();
    return client;
  }

  /** The process id that the client was told. */
  int processId() {
    return ByteBuffer.wrap(key).getInt();
  }

  /** A client that is logged in. */
  static TestClient login(int port, String database, String user) throws IOException {
    TestClient client = start(port, database, user);
    client.awaitReady();
    return client;
  }

  /** Reads to ReadyForQuery; returns the types, and the code and text of an error in brackets. */
  String awaitReady() throws IOException {
    StringBuilder seen = new StringBuilder();
    try {
      while (true) {
        char type = (char) in.readUnsignedByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        seen.append(type);
        switch (type) {
          case 'K' -> key = body;
          case 'E' -> seen.append(fields(body));
          case 'Z' -> {
            return seen.append((char) body[0]).toString();
          }
          default -> {
            // The type says enough.
          }
        }
      }
    } catch (EOFException | SocketException end) {
      return seen.append("<end>").toString();
    }
  }

  private static String fields(byte[] body) {
    String code = "";
    String text = "";
    for (String field : new String(body, StandardCharsets.UTF_8).split("\0", -1)) {
      code = field.startsWith("C") ? field.substring(1) : code;
      text = field.startsWith("M") ? field.substring(1) : text;
    }
    return "[" + code + " " + text + "]";
  }

  void sendQuery(String sql) throws IOException {
    send(message('Q', cstr(sql)));
  }

  /** Parse, Bind, Execute, Sync. */
  void sendExtended(String sql) throws IOException {
    send(
        message('P', cstr(""), cstr(sql), new byte[2]),
        message('B', cstr(""), cstr(""), new byte[6]),
        message('E', cstr(""), new byte[4]),
        message('S'));
  }

  /** Sends Terminate. */
  void leave() throws IOException {
    send(message('X'));
  }

  String query(String sql) throws IOException {
    sendQuery(sql);
    return awaitReady();
  }

  /** Brings a cancel request for this client; returns when the request's connection is closed. */
  void cancel() throws IOException {
    try (TestClient carrier = startCancel()) {
      carrier.awaitReady();
    }
  }

  /** A connection that has brought a cancel request for this client. */
  TestClient startCancel() throws IOException {
    TestClient carrier = new TestClient(port);
    carrier.send(ByteBuffer.allocate(8).putInt(8 + key.length).putInt(CANCEL_CODE).array(), key);
    return carrier;
  }

  private void send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(join(parts));
  }

  static byte[] message(char type, byte[]... parts) {
    byte[] body = join(parts);
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  static byte[] cstr(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
