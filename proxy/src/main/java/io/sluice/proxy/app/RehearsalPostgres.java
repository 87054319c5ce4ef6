package io.sluice.proxy.app;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * A stand-in for PostgreSQL that lets everybody in and answers every query with one value, so that
 * a rehearsal goes the whole way of a query. Serves one connection at a time, on a thread of its
 * own.
 */
final class RehearsalPostgres implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 1 << 16;

  private final ServerSocketChannel listener;
  private final int port;

  private RehearsalPostgres(ServerSocketChannel listener, int port) {
    this.listener = listener;
    this.port = port;
  }

  /** Listens on a port of this machine that nobody else has. */
  static RehearsalPostgres open() throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(host(), 0));
    int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    RehearsalPostgres made = new RehearsalPostgres(listener, port);
    Thread thread = new Thread(made::serve, "rehearsal-postgres");
    thread.setDaemon(true);
    thread.start();
    return made;
  }

  /** The loopback address 127.0.0.1, which a configuration can name whatever Java prefers. */
  static InetAddress host() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /** Its port. */
  int port() {
    return port;
  }

  private void serve() {
    while (listener.isOpen()) {
      try (SocketChannel connection = listener.accept()) {
        play(connection);
      } catch (IOException over) {
        // The rehearsal is over, or its pooler has closed this connection.
      }
    }
  }

  private static void play(SocketChannel connection) throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(connection));
    if (in.readNBytes(length(in)).length == Integer.BYTES) {
      // An SSLRequest: int32 length, int32 code. There is no TLS here.
      send(connection, Unpooled.buffer().writeByte('N'));
      in.readNBytes(length(in));
    }
    // That was the StartupMessage: int32 length, then as many bytes without those four.
    ByteBuf out = Unpooled.buffer();
    BackendWriter.authenticationOk(out);
    BackendWriter.parameterStatus(out, "server_version", "16.0");
    BackendWriter.parameterStatus(out, "client_encoding", "UTF8");
    BackendWriter.backendKeyData(out, CancelKey.random(new SecureRandom()));
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    send(connection, out);
    for (int type = in.read(); type >= 0; type = in.read()) {
      in.readNBytes(length(in));
      answer(connection, (byte) type);
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = in.readInt() - Integer.BYTES;
    if (length < 0 || length > MAX_MESSAGE_BYTES) {
      throw new IOException("no message of ours");
    }
    return length;
  }

  private static void answer(SocketChannel connection, byte type) throws IOException {
    ByteBuf out = Unpooled.buffer();
    switch (type) {
      case FrontendType.QUERY -> {
        row(out);
        BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
      }
      case FrontendType.PARSE -> BackendWriter.parseComplete(out);
      case FrontendType.BIND -> BackendWriter.bindComplete(out);
      case FrontendType.EXECUTE -> row(out);
      case FrontendType.CLOSE -> BackendWriter.closeComplete(out);
      case FrontendType.SYNC -> BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
      default -> {}
    }
    send(connection, out);
  }

  private static void row(ByteBuf out) {
    BackendWriter.dataRow(out, List.of("1"));
    BackendWriter.commandComplete(out, "SELECT 1");
  }

  private static void send(SocketChannel connection, ByteBuf out) throws IOException {
    byte[] bytes = Arrays.copyOf(out.array(), out.readableBytes());
    Channels.newOutputStream(connection).write(bytes);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
