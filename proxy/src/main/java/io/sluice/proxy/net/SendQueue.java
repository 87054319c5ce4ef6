package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.sluice.proxy.HotPath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What one socket is still to be sent, in order.
 *
 * <p>Mostly one buffer, written and sent in the same turn: it stands in a field, and an array is
 * made only for more. Once the kernel takes no more, what waits is copied into buffers of its own
 * size: a few bytes must not keep a whole receive buffer for as long as a peer does not read.
 * Confined to its event loop.
 */
@HotPath
final class SendQueue {
  /** Buffers up to this size are copied while they wait. */
  private static final int COPY_BYTES = 32 * 1024;

  private static final int COPY_BUFFER_BYTES = 4 * 1024;
  private static final int FIRST_CAPACITY = 8;

  private @Nullable ByteBuf single;
  private @Nullable ByteBuf @Nullable [] many;
  private int first;
  private int count;
  private long bytes;
  private @Nullable ByteBuf tail;

  /** Bytes that wait. */
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Adds to the end. */
  void add(ByteBuf owned) {
    int length = owned.readableBytes();
    if (length == 0) {
      owned.release();
      return;
    }
    bytes += length;
    tail = null;
    append(owned);
  }

  /** Adds to the end what will have to wait. */
  void addWaiting(ByteBuf owned, ByteBufAllocator alloc) {
    int length = owned.readableBytes();
    if (length == 0 || length > COPY_BYTES) {
      add(owned);
      return;
    }
    bytes += length;
    copy(owned, alloc);
  }

  private void copy(ByteBuf owned, ByteBufAllocator alloc) {
    int length = owned.readableBytes();
    ByteBuf end = tail;
    if (end == null || end.writableBytes() < length) {
      end = alloc.directBuffer(Math.max(length, COPY_BUFFER_BYTES));
      tail = end;
      end.writeBytes(owned);
      append(end);
    } else {
      end.writeBytes(owned);
    }
    owned.release();
  }

  private void append(ByteBuf owned) {
    if (count == 0) {
      single = owned;
    } else {
      toArray();
      ring()[(first + count) & (ring().length - 1)] = owned;
    }
    count++;
  }

  private void toArray() {
    if (many == null) {
      many = new ByteBuf[FIRST_CAPACITY];
      first = 0;
      many[0] = single;
      single = null;
    } else if (count == many.length) {
      @Nullable ByteBuf[] wider = new ByteBuf[count * 2];
      for (int i = 0; i < count; i++) {
        wider[i] = many[(first + i) & (count - 1)];
      }
      many = wider;
      first = 0;
    }
  }

  private @Nullable ByteBuf[] ring() {
    @Nullable ByteBuf[] ring = many;
    if (ring == null) {
      throw new IllegalStateException("no ring");
    }
    return ring;
  }

  private ByteBuf at(int index) {
    ByteBuf buf = many == null ? single : many[(first + index) & (many.length - 1)];
    if (buf == null) {
      throw new IllegalStateException("a hole in the queue");
    }
    return buf;
  }

  /**
   * Sends as much as the kernel takes.
   *
   * @return whether everything is sent
   */
  boolean drain(Socket socket, IovArray vector) throws IOException {
    while (count > 0) {
      long sent = count == 1 ? sendOne(socket, at(0)) : sendMany(socket, vector);
      if (sent <= 0) {
        return false;
      }
      drop(sent);
    }
    return true;
  }

  private static int sendOne(Socket socket, ByteBuf buf) throws IOException {
    if (buf.hasMemoryAddress()) {
      return socket.sendAddress(buf.memoryAddress(), buf.readerIndex(), buf.writerIndex());
    }
    var view = buf.internalNioBuffer(buf.readerIndex(), buf.readableBytes());
    return socket.send(view, view.position(), view.limit());
  }

  private long sendMany(Socket socket, IovArray vector) throws IOException {
    vector.clear();
    for (int i = 0; i < count && !vector.isFull(); i++) {
      ByteBuf buf = at(i);
      if (!vector.add(buf, buf.readerIndex(), buf.readableBytes())) {
        break;
      }
    }
    if (vector.count() == 0) {
      return sendOne(socket, at(0));
    }
    return socket.writevAddresses(vector.memoryAddress(0), vector.count());
  }

  private void drop(long sent) {
    bytes -= sent;
    long rest = sent;
    while (rest > 0) {
      ByteBuf buf = at(0);
      int length = buf.readableBytes();
      if (rest < length) {
        buf.skipBytes((int) rest);
        return;
      }
      rest -= length;
      removeFirst().release();
    }
  }

  private ByteBuf removeFirst() {
    ByteBuf buf = at(0);
    if (count == 1) {
      // The tail is the last, if there is one.
      tail = null;
    }
    if (many == null) {
      single = null;
    } else {
      many[first] = null;
      first = (first + 1) & (many.length - 1);
    }
    if (--count == 0) {
      many = null;
    }
    return buf;
  }

  /** The kernel takes no more: what is here has to wait. */
  void settle(ByteBufAllocator alloc) {
    tail = null;
    int waiting = count;
    @Nullable ByteBuf[] all = new ByteBuf[waiting];
    for (int i = 0; i < waiting; i++) {
      all[i] = removeFirst();
    }
    for (ByteBuf buf : all) {
      if (buf != null) {
        bytes -= buf.readableBytes();
        addWaiting(buf, alloc);
      }
    }
  }

  /** Takes the oldest; null when there is none. */
  @Nullable ByteBuf poll() {
    if (count == 0) {
      return null;
    }
    ByteBuf buf = removeFirst();
    bytes -= buf.readableBytes();
    return buf;
  }

  /** Drops everything. */
  void clear() {
    for (ByteBuf buf = poll(); buf != null; buf = poll()) {
      buf.release();
    }
  }
}
