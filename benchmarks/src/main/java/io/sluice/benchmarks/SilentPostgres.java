package io.sluice.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Lets one connection log in, and never says anything again. */
final class SilentPostgres implements Closeable {
  private final ServerSocket listener;
  private final Thread thread;

  private SilentPostgres(ServerSocket listener) {
    this.listener = listener;
    thread = new Thread(this::serve, "silent postgres");
    thread.setDaemon(true);
  }

  /** Listens on a free port. */
  static SilentPostgres start() throws IOException {
    SilentPostgres postgres =
        new SilentPostgres(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    postgres.thread.start();
    return postgres;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    try (Socket server = listener.accept()) {
      DataInputStream in = new DataInputStream(server.getInputStream());
      in.skipNBytes(in.readInt() - Integer.BYTES);
      server.getOutputStream().write(welcome());
      while (in.read() >= 0) {
        // Until the pooler closes.
      }
    } catch (IOException gone) {
      // So is the benchmark.
    }
  }

  /** AuthenticationOk, one ParameterStatus, BackendKeyData, ReadyForQuery. */
  private static byte[] welcome() {
    ByteBuf out = Unpooled.buffer();
    byte[] version = "server_version\0".concat("17.0\0").getBytes(StandardCharsets.US_ASCII);
    out.writeByte('R').writeInt(8).writeInt(0);
    out.writeByte('S').writeInt(Integer.BYTES + version.length).writeBytes(version);
    out.writeByte('K').writeInt(12).writeInt(1).writeInt(2);
    out.writeByte('Z').writeInt(5).writeByte('I');
    return ByteBufUtil.getBytes(out);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
