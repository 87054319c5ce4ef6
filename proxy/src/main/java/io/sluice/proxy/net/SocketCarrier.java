package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.sluice.proxy.HotPath;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A plain connection: a socket in the event loop's epoll, without a channel and its pipeline.
 *
 * <p>Bytes are read into the loop's one receive buffer and handed on from there. Epoll is
 * level-triggered, and asked for nothing that has not changed. That the peer has gone is noticed
 * also while nothing is read. Confined to its event loop.
 */
@HotPath
final class SocketCarrier implements Carrier, EpollIoHandle {
  private static final EpollIoOps IDLE = EpollIoOps.EPOLLRDHUP;
  private static final EpollIoOps READ = IDLE.with(EpollIoOps.EPOLLIN);
  private static final EpollIoOps WRITE = IDLE.with(EpollIoOps.EPOLLOUT);
  private static final EpollIoOps READ_WRITE = READ.with(EpollIoOps.EPOLLOUT);

  /** A read that fills half of the receive buffer is of a stream. */
  private static final int STREAM_BYTES = SocketTuning.MAX_READ_BYTES / 2;

  /** So much is read of what a peer that has gone had sent. */
  private static final int LAST_READS = 16;

  private final LoopContext loop;
  private final Socket socket;
  private final SocketTuning tuning;
  private final boolean unix;
  private final SendQueue queue = new SendQueue();
  private @Nullable PgConnection owner;
  private @Nullable IoRegistration registration;
  private boolean reading = true;

  /** The last read was of a stream: the next one waits for its turn among such. */
  private boolean streaming;

  private boolean inStreams;

  /** The kernel takes no more for now: epoll says when it does. */
  private boolean blocked;

  private boolean congested;
  private boolean finishing;

  /** Sending has failed; there may still be something to read, such as why. */
  private boolean broken;

  private boolean closed;

  SocketCarrier(LoopContext loop, Socket socket, SocketTuning tuning, boolean unix) {
    this.loop = loop;
    this.socket = socket;
    this.tuning = tuning;
    this.unix = unix;
  }

  // ---- events

  @Override
  public void start(PgConnection connection) {
    owner = connection;
    if (closed) {
      return;
    }
    registration = loop.register(this);
    watch();
  }

  @Override
  public void handle(IoRegistration source, IoEvent event) {
    EpollIoOps ops = ((EpollIoEvent) event).ops();
    if (blocked && ops.contains(EpollIoOps.EPOLLOUT)) {
      loop.tick();
      unblock();
      loop.endTurn();
    }
    int more = ops.value() & ~EpollIoOps.EPOLLOUT.value();
    // Reading may have stopped since epoll saw that there is something to read.
    if (more != 0 && (reading || more != EpollIoOps.EPOLLIN.value()) && !closed) {
      if (streaming && reading) {
        waitForStreamTurn();
      } else {
        readNow();
        loop.endTurn();
      }
    }
  }

  private void waitForStreamTurn() {
    if (!inStreams) {
      inStreams = true;
      loop.streams().add(this);
    }
  }

  /** Reads what has waited behind the events of this round. */
  void streamTurn() {
    inStreams = false;
    if (reading && !closed) {
      readNow();
      loop.endTurn();
    }
  }

  private void readNow() {
    PgConnection connection = owner();
    try {
      ByteBuf buf = loop.receiveBuffer();
      int length = receive(buf);
      if (length < 0) {
        loop.tick();
        close();
        connection.ended();
      } else if (length > 0) {
        buf.writerIndex(length);
        streaming = length >= STREAM_BYTES;
        if (!streaming) {
          loop.streams().passed();
        }
        connection.received(buf.retain());
      }
    } catch (IOException | RuntimeException failure) {
      loop.tick();
      connection.failed(failure);
    }
  }

  private int receive(ByteBuf buf) throws IOException {
    if (buf.hasMemoryAddress()) {
      return socket.recvAddress(buf.memoryAddress(), 0, buf.capacity());
    }
    var view = buf.internalNioBuffer(0, buf.capacity());
    return socket.recv(view, view.position(), view.limit());
  }

  private PgConnection owner() {
    PgConnection mine = owner;
    if (mine == null) {
      throw new IllegalStateException("an event before the start");
    }
    return mine;
  }

  // ---- sending

  @Override
  public void write(ByteBuf owned) {
    if (!isOpen() || broken) {
      owned.release();
      return;
    }
    if (blocked) {
      queue.addWaiting(owned, loop.alloc());
    } else {
      queue.add(owned);
    }
    if (!congested && queue.bytes() > HIGH_WATER_BYTES) {
      congested = true;
      owner().writabilityChanged(false);
    }
  }

  @Override
  public void flush() {
    if (!blocked && !queue.isEmpty()) {
      send();
      relax();
    }
  }

  private void send() {
    try {
      boolean all = queue.drain(socket, loop.vector());
      if (all == blocked) {
        blocked = !all;
        watch();
      }
      if (blocked) {
        queue.settle(loop.alloc());
      }
    } catch (IOException gone) {
      sendFailed(gone);
    }
    if (finishing && queue.isEmpty()) {
      close();
    }
  }

  /** The peer may have said why it went: what it has sent is read before it is given up. */
  private void sendFailed(IOException gone) {
    broken = true;
    queue.clear();
    if (blocked) {
      blocked = false;
      watch();
    }
    loop.execute(
        () -> {
          readLast();
          if (!closed) {
            owner().failed(gone);
          }
        });
  }

  private void readLast() {
    streaming = true;
    for (int left = LAST_READS; left > 0 && streaming && !closed; left--) {
      streaming = false;
      readNow();
    }
  }

  private void unblock() {
    send();
    relax();
  }

  private void relax() {
    if (congested && queue.bytes() < LOW_WATER_BYTES) {
      congested = false;
      if (!closed) {
        owner().writabilityChanged(true);
      }
    }
  }

  // ---- commands

  @Override
  public void setReading(boolean reads) {
    if (reads != reading) {
      reading = reads;
      watch();
    }
  }

  private void watch() {
    IoRegistration mine = registration;
    if (mine != null && !closed) {
      mine.submit(reading ? (blocked ? READ_WRITE : READ) : (blocked ? WRITE : IDLE));
    }
  }

  @Override
  public void finish() {
    flush();
    if (queue.isEmpty()) {
      close();
    } else if (!finishing) {
      finishing = true;
      // A peer that reads nothing must not keep the connection for ever.
      loop.loop().schedule(this::close, ChannelCarrier.LINGER_S, TimeUnit.SECONDS);
    }
  }

  /**
   * The descriptor's number is free only when the events at hand are dealt with: one of them may be
   * of this connection, and would be taken for one of its successor.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      queue.clear();
      loop.loop().execute(this::release);
    }
  }

  private void release() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // There is nothing left that could be done with it.
    }
    unregister();
  }

  private void unregister() {
    IoRegistration mine = registration;
    registration = null;
    if (mine != null) {
      mine.cancel();
    }
  }

  @Override
  public Carrier secure(PgConnection connection, SslHandler handler) {
    if (closed || unix || !queue.isEmpty()) {
      throw new IllegalStateException("no TLS on this connection");
    }
    unregister();
    closed = true;
    Channel channel = new EpollSocketChannel(socket.intValue());
    tuning.applyBuffers(channel);
    ChannelCarrier next = new ChannelCarrier(loop, channel);
    next.start(connection);
    next.secure(connection, handler);
    next.setReading(reading);
    return next;
  }

  @Override
  public void move(LoopContext to, Consumer<Carrier> arrived) {
    if (!closed) {
      // Out of this epoll before it comes into the other: there, it may be closed at once.
      unregister();
      closed = true;
    }
    to.execute(() -> arrived.accept(new SocketCarrier(to, socket, tuning, unix)));
  }

  @Override
  public void replay(ByteBuf owned) {
    owned.release();
    throw new IllegalStateException("no TLS on this connection");
  }

  // ---- queries

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public boolean isWritable() {
    return !congested;
  }

  @Override
  public long pendingBytes() {
    return queue.bytes();
  }

  @Override
  public ByteBufAllocator alloc() {
    return loop.alloc();
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return unix ? socket.localDomainSocketAddress() : socket.localAddress();
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return unix ? socket.remoteDomainSocketAddress() : socket.remoteAddress();
  }

  @Override
  public @Nullable UnixPeer peer() {
    return unix ? UnixPeer.of(socket) : null;
  }
}
