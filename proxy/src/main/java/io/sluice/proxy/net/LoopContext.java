package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.IovArray;
import io.sluice.proxy.HotPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one event loop share: its clock, the list of connections that have
 * something to flush, and the periodic maintenance.
 *
 * <p>The clock is read once per read event; everything that happens in that turn uses the cached
 * value. A connection written to is flushed once, at the end of the turn.
 *
 * <p>Confined to its event loop, except {@link #execute}.
 */
@HotPath
public final class LoopContext {
  /** Time between two maintenance passes: time-outs act within a third of a second. */
  public static final long MAINTENANCE_MS = 333;

  /** Buffers sent in one call; more than wait for one peer in most turns. */
  private static final int VECTOR_LENGTH = 256;

  /** Enough for a burst of logins, few enough to leave the loop its core. */
  private static final int WORKERS = 2;

  /** Slices of its buffers are recycled; those of the default allocator are not. */
  static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

  private static final Logger log = LoggerFactory.getLogger(LoopContext.class);

  private final EventLoop loop;
  private final List<Maintained> maintained = new ArrayList<>();
  private PgConnection[] dirty = new PgConnection[64];
  private int dirtyCount;
  private boolean flushing;
  private @Nullable ByteBuf receiveBuffer;
  private @Nullable IovArray vector;
  private final Streams streams;
  private final Offload offload = new Offload(this, WORKERS);
  private final MemoryBudget memory = new MemoryBudget();
  private long nowNs = System.nanoTime();

  public LoopContext(EventLoop loop) {
    this.loop = loop;
    streams = new Streams(loop);
    loop.terminationFuture().addListener(ended -> release());
  }

  /** Reads the clock: at the start of every event. */
  public long tick() {
    nowNs = System.nanoTime();
    return nowNs;
  }

  /** The time of this turn, from {@link System#nanoTime()}. */
  public long nowNs() {
    return nowNs;
  }

  /** The Netty loop. */
  public EventLoop loop() {
    return loop;
  }

  /** Says whether the caller is on this loop. */
  public boolean isHere() {
    return loop.inEventLoop();
  }

  /** Workers for what takes too long here. */
  public Offload offload() {
    return offload;
  }

  /** How much memory the buffers of all loops take. */
  public MemoryBudget memory() {
    return memory;
  }

  // ---- what sockets share

  /** Where buffers come from. */
  ByteBufAllocator alloc() {
    return ALLOCATOR;
  }

  /**
   * An empty buffer to read into. It is the same one every time, unless somebody still holds what
   * was read before.
   */
  ByteBuf receiveBuffer() {
    ByteBuf buf = receiveBuffer;
    if (buf != null && buf.refCnt() == 1) {
      return buf.clear();
    }
    if (buf != null) {
      buf.release();
    }
    buf = ALLOCATOR.directBuffer(SocketTuning.MAX_READ_BYTES, SocketTuning.MAX_READ_BYTES);
    receiveBuffer = buf;
    return buf;
  }

  /** What several buffers are sent with in one call. */
  IovArray vector() {
    IovArray made = vector;
    if (made == null) {
      made = new IovArray(VECTOR_LENGTH);
      vector = made;
    }
    return made;
  }

  /** Those that send more than a receive buffer at once. */
  Streams streams() {
    return streams;
  }

  /** Has epoll watch a handle, for nothing at first. */
  IoRegistration register(EpollIoHandle handle) {
    return ((IoEventLoop) loop).register(handle).getNow();
  }

  /** Gives back what sockets share; the loop has ended. */
  private void release() {
    if (receiveBuffer != null) {
      receiveBuffer.release();
      receiveBuffer = null;
    }
    if (vector != null) {
      vector.release();
      vector = null;
    }
  }

  void markDirty(PgConnection connection) {
    if (dirtyCount == dirty.length) {
      dirty = Arrays.copyOf(dirty, dirtyCount * 2);
    }
    dirty[dirtyCount++] = connection;
  }

  /**
   * Ends a turn: flushes every connection that was written to.
   *
   * <p>A flush may make a peer writable again, and what follows from that may end in a call of this
   * method: the outer call flushes what was added meanwhile.
   */
  public void endTurn() {
    if (flushing) {
      return;
    }
    flushing = true;
    for (int i = 0; i < dirtyCount; i++) {
      PgConnection connection = dirty[i];
      dirty[i] = null;
      connection.flushNow();
    }
    dirtyCount = 0;
    flushing = false;
  }

  /**
   * Runs something on the loop, as a turn of its own; nothing, when the loop has ended: a signal
   * may come that late. Thread-safe.
   */
  public void execute(Runnable turn) {
    try {
      loop.execute(() -> runTurn(turn));
    } catch (RejectedExecutionException ended) {
      log.debug("the event loop has ended");
    }
  }

  /**
   * Runs something on the loop, as a turn of its own, when all connections that have something to
   * read, but for {@link Streams}, have had a turn: what {@link #execute} is given may come before
   * them, again and again.
   */
  public void executeNextRound(Runnable turn) {
    ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(() -> execute(turn));
  }

  /** Runs something on the loop later, as a turn of its own. */
  public void schedule(Runnable turn, long delayMs) {
    loop.schedule(() -> runTurn(turn), delayMs, TimeUnit.MILLISECONDS);
  }

  private void runTurn(Runnable turn) {
    tick();
    try {
      turn.run();
    } finally {
      endTurn();
    }
  }

  /** Adds something to the maintenance pass, behind what is there already. */
  public void maintain(Maintained part) {
    maintained.add(part);
  }

  /** Starts the maintenance passes. */
  public void startMaintenance() {
    loop.scheduleWithFixedDelay(
        () -> runTurn(this::maintainAll), MAINTENANCE_MS, MAINTENANCE_MS, TimeUnit.MILLISECONDS);
  }

  private void maintainAll() {
    for (int i = 0; i < maintained.size(); i++) {
      try {
        maintained.get(i).maintain(nowNs);
      } catch (RuntimeException bug) {
        // One broken pass must not stop the others, nor all later ones.
        log.error("maintenance failed", bug);
      }
    }
  }
}
