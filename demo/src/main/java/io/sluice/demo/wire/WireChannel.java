package io.sluice.demo.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP or Unix connection on which every wait has a deadline. Not thread-safe.
 *
 * <p>The channel is non-blocking, because a blocking one knows no deadline on Unix sockets; the
 * selector is opened when the first wait needs it.
 */
final class WireChannel implements Closeable {
  private final SocketChannel channel;
  private ByteBuffer in = ByteBuffer.allocate(16 << 10).limit(0);
  private @Nullable Selector selector;

  private WireChannel(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects before {@code limit} has passed. */
  static WireChannel connect(WireAddress address, Duration limit) throws IOException {
    boolean tcp = address.socket() instanceof InetSocketAddress;
    SocketChannel socket =
        tcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
    WireChannel connection = new WireChannel(socket);
    try {
      if (tcp) {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.configureBlocking(false);
        connection.finishConnect(socket.connect(address.socket()), deadline(limit));
      } else {
        socket.connect(address.socket());
        socket.configureBlocking(false);
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Returns the moment, on {@link System#nanoTime()}'s clock, at which a limit is over. */
  static long deadline(Duration limit) {
    return System.nanoTime() + limit.toNanos();
  }

  /** Sends all bytes. */
  void write(ByteBuffer bytes, long deadlineNs) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, deadlineNs);
      }
    }
  }

  /**
   * Waits until {@code count} bytes are there and leaves them unread.
   *
   * @return a view of all that is there; it is valid until the next call
   * @throws EOFException when the peer closes before
   */
  ByteBuffer peek(int count, long deadlineNs) throws IOException {
    if (in.capacity() < count) {
      in = ByteBuffer.allocate(Math.max(count, 2 * in.capacity())).put(in).flip();
    }
    while (in.remaining() < count) {
      fill(deadlineNs);
    }
    return in.asReadOnlyBuffer();
  }

  /** Takes {@code count} bytes as soon as all of them are there, and none before. */
  byte[] read(int count, long deadlineNs) throws IOException {
    peek(count, deadlineNs);
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  /** Says that nothing more will be sent, while reading goes on. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Makes the close answer with a reset instead of an orderly end. */
  void reset() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    close();
  }

  SocketChannel socket() {
    return channel;
  }

  /** Closes the selector until the next wait: two file descriptors less for an idle connection. */
  void park() throws IOException {
    if (selector != null) {
      selector.close();
      selector = null;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      park();
    }
  }

  private void finishConnect(boolean connected, long deadlineNs) throws IOException {
    boolean done = connected;
    while (!done) {
      await(SelectionKey.OP_CONNECT, deadlineNs);
      done = channel.finishConnect();
    }
  }

  private void fill(long deadlineNs) throws IOException {
    in.compact();
    try {
      int count;
      while ((count = channel.read(in)) == 0) {
        await(SelectionKey.OP_READ, deadlineNs);
      }
      if (count < 0) {
        throw new EOFException("the server closed the connection");
      }
    } finally {
      in.flip();
    }
  }

  private void await(int operation, long deadlineNs) throws IOException {
    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
    if (leftMs <= 0) {
      throw new WireTimeout("no progress before the deadline");
    }
    Selector waiting = selector;
    if (waiting == null) {
      waiting = Selector.open();
      selector = waiting;
      channel.register(waiting, operation);
    } else {
      channel.keyFor(waiting).interestOps(operation);
    }
    waiting.select(leftMs);
    waiting.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
  }
}
