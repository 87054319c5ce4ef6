package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What carries the bytes of one connection: a socket of its own in epoll, or a Netty channel.
 *
 * <p>A plain connection on Linux needs no channel: less is called per read, and an idle client
 * takes a fraction of the memory. TLS, and every other system, has a channel. Confined to its event
 * loop.
 */
interface Carrier {
  /** More than this unsent, and whoever writes shall stop. */
  int HIGH_WATER_BYTES = 128 * 1024;

  /** Less than this unsent, and writing may go on. */
  int LOW_WATER_BYTES = 32 * 1024;

  /** Begins to watch the connection; nothing is read before. */
  void start(PgConnection owner);

  /** Queues bytes; they are released when there is nobody to send them to. */
  void write(ByteBuf owned);

  /** Sends what is queued, as far as the kernel takes it. */
  void flush();

  /** Starts or stops reading. */
  void setReading(boolean reads);

  /** Sends what is queued, then closes; a peer that reads nothing has some seconds. */
  void finish();

  /** Closes without sending what is queued, when the events at hand are dealt with. */
  void close();

  /** Says whether bytes can be written: it stands and has not been closed. */
  boolean isOpen();

  /** Says whether less is queued than the high-water mark. */
  boolean isWritable();

  /** Bytes written here that the kernel has not taken yet. */
  long pendingBytes();

  /** Where buffers to write come from. */
  ByteBufAllocator alloc();

  /** Our end, if the system says. */
  @Nullable SocketAddress localAddress();

  /** The other end, if the system says. */
  @Nullable SocketAddress remoteAddress();

  /**
   * Who is at the other end of a Unix socket; null on others, and where the system does not say.
   */
  @Nullable UnixPeer peer();

  /**
   * Puts TLS on the connection.
   *
   * @return what carries the connection from now on: this, or a channel in its place
   */
  Carrier secure(PgConnection owner, SslHandler handler);

  /**
   * Leaves this loop for another one; nothing waits to be sent.
   *
   * @param arrived called there with what carries the connection there; it is not started yet
   */
  void move(LoopContext to, Consumer<Carrier> arrived);

  /** Hands bytes that were read already to the TLS in front of the connection. */
  void replay(ByteBuf owned);
}
