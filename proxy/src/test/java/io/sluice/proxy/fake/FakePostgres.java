package io.sluice.proxy.fake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Speaks just enough PostgreSQL to be logged in to; the rest is the test's. */
public final class FakePostgres implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;
  private static final int BACKLOG = 50;

  private final ServerSocket listener;

  private FakePostgres(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on a free port. */
  public static FakePostgres start() throws IOException {
    ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    listener.setSoTimeout(PATIENCE_MS);
    return new FakePostgres(listener);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The next connection, of which nothing was read. */
  public Peer accept() throws IOException {
    return new Peer(listener.accept());
  }

  /** The next connection, logged in without a password. */
  public Peer login() throws IOException {
    Peer backend = accept();
    backend.readPacket();
    backend.send(welcome());
    return backend;
  }

  /** What a server says at the end of a login. */
  public static byte[] welcome() {
    return Wire.join(
        Wire.message('R', new byte[4]),
        Wire.parameter("server_version", "17.0"),
        Wire.parameter("DateStyle", "ISO, MDY"),
        Wire.parameter("client_encoding", "UTF8"),
        Wire.parameter("TimeZone", "UTC"),
        Wire.parameter("standard_conforming_strings", "on"),
        Wire.parameter("application_name", ""),
        Wire.message('K', new byte[] {0, 0, 0, 1, 2, 3, 4, 5}),
        Wire.ready('I'));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
