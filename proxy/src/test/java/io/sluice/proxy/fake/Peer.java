package io.sluice.proxy.fake;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One end of a connection, blocking, with a deadline for every wait. */
public final class Peer implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /**
   * What was read.
   *
   * @param type the type byte
   * @param text what follows the length, a character a byte
   */
  public record Message(char type, String text) {
    @Override
    public String toString() {
      return type + "(" + text.replace('\0', '|') + ")";
    }
  }

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Connects, and says nothing. */
  public static Peer connect(int port) throws IOException {
    return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** The same connection with TLS; what was sent and read before was plain. */
  public Peer secure(SSLContext context, String... applicationProtocols) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setApplicationProtocols(applicationProtocols);
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return new Peer(secured);
  }

  /** The same connection with TLS, of which this is the server; asks for a certificate. */
  public Peer acceptTls(SSLContext context, String... applicationProtocols) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    secured.setUseClientMode(false);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setApplicationProtocols(applicationProtocols);
    parameters.setWantClientAuth(true);
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return new Peer(secured);
  }

  /** Sends everything as one write. */
  public void send(byte[]... parts) throws IOException {
    out.write(Wire.join(parts));
    out.flush();
  }

  /** Reads one message. */
  public Message read() throws IOException {
    char type = (char) in.readUnsignedByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return new Message(type, new String(body, StandardCharsets.ISO_8859_1));
  }

  /** Reads one byte. */
  public int readByte() throws IOException {
    return in.readUnsignedByte();
  }

  /** Reads a packet without a type: {@code int32 length | body}. */
  public byte[] readPacket() throws IOException {
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return body;
  }

  /** Reads up to and with a message of a type. */
  public List<Message> readTo(char type) throws IOException {
    List<Message> seen = new ArrayList<>();
    Message message;
    do {
      try {
        message = read();
      } catch (EOFException | SocketTimeoutException missing) {
        throw new IOException("no " + type + " behind " + seen, missing);
      }
      seen.add(message);
    } while (message.type() != type);
    return seen;
  }

  /** Reads the types up to and with one. */
  public String typesTo(char type) throws IOException {
    return types(readTo(type));
  }

  /** Reads a number of messages; returns their types. */
  public String types(int number) throws IOException {
    StringBuilder types = new StringBuilder();
    for (int i = 0; i < number; i++) {
      types.append(read().type());
    }
    return types.toString();
  }

  /** Reads until the other side closes. */
  public List<Message> readToEnd() throws IOException {
    List<Message> seen = new ArrayList<>();
    try {
      while (true) {
        seen.add(read());
      }
    } catch (EOFException | SocketException end) {
      return seen;
    }
  }

  /** Skips to the end of the connection. */
  public void awaitEnd() throws IOException {
    try {
      int last;
      do {
        last = in.read();
      } while (last >= 0);
    } catch (SocketException reset) {
      // As good as an end.
      return;
    }
  }

  /** The same, for much at a time. */
  public void drain() throws IOException {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      // As good as an end.
      return;
    }
  }

  /** The types of messages, one letter each. */
  public static String types(List<Message> messages) {
    StringBuilder types = new StringBuilder();
    messages.forEach(message -> types.append(message.type()));
    return types.toString();
  }

  /** The socket, for its options. */
  public Socket socket() {
    return socket;
  }

  /** Closes with a reset: what is unread or unsent is gone. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
