package io.sluice.proxy.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import io.netty.util.internal.PlatformDependent;
import io.sluice.proxy.HotPath;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How much of memory_limit the buffers of all connections take.
 *
 * <p>Buffers hold what was read and could not be passed on yet, so nothing grows but by reading:
 * the allocator is asked again when so many bytes were read, by maintenance and, while memory is
 * tight, by logins. In between, each read costs a subtraction.
 *
 * <pre>
 *   PLENTY ── above 7/8 ──→ NEAR ── above the limit ──→ FULL
 *      ╰──── below 3/4 ──────┴──────────────────────────╯
 * </pre>
 *
 * <p>Confined to its event loop; what it measures are the buffers of all loops.
 */
@HotPath
public final class MemoryBudget {
  /** Bytes read until buffers are measured again: at most, and as a part of the limit. */
  private static final int MAX_STEP_BYTES = 4 << 20;

  private static final int STEPS = 64;

  /** A byte that is kept takes a buffer: what a read may cost beside its bytes. */
  private static final int READ_BYTES = 512;

  private static final PooledByteBufAllocator ALLOCATOR = LoopContext.ALLOCATOR;

  private static final AtomicLong KEPT = new AtomicLong();

  /** How tight memory is. */
  public enum Level {
    PLENTY,
    NEAR,
    FULL
  }

  private long limitBytes;
  private long usedBytes;
  private int allowance;
  private Level level = Level.PLENTY;
  private @Nullable Runnable watcher;

  MemoryBudget() {
    setLimit(0);
  }

  /** Sets who is told that memory is tight, at every measurement that finds it so. */
  public void watch(Runnable watcher) {
    this.watcher = watcher;
  }

  /**
   * Sets the limit.
   *
   * @param bytes memory_limit; 0 for three quarters of what buffers can have at all
   */
  public void setLimit(long bytes) {
    limitBytes = bytes > 0 ? bytes : PlatformDependent.maxDirectMemory() / 4 * 3;
    allowance = 0;
  }

  /** Counts a read. */
  void received(int bytes) {
    allowance -= bytes + READ_BYTES;
    if (allowance < 0) {
      measure();
    }
  }

  /**
   * Counts bytes that strangers have in the heap as if a buffer had them; negative ones are given
   * back. Thread-safe: all loops count here.
   */
  public static void keep(long bytes) {
    if (bytes != 0) {
      KEPT.addAndGet(bytes);
    }
  }

  /** Asks the allocator, and tells the watcher if memory is tight. */
  public void measure() {
    allowance = (int) Math.min(MAX_STEP_BYTES, limitBytes / STEPS);
    look();
    Runnable told = watcher;
    if (level != Level.PLENTY && told != null) {
      told.run();
    }
  }

  /** Asks the allocator, and tells nobody: the next measurement comes when it would have come. */
  public void look() {
    usedBytes = ALLOCATOR.pinnedDirectMemory() + ALLOCATOR.pinnedHeapMemory() + KEPT.get();
    level = next();
  }

  private Level next() {
    if (usedBytes > limitBytes) {
      return Level.FULL;
    }
    long tightBytes = level == Level.PLENTY ? limitBytes / 8 * 7 : limitBytes / 4 * 3;
    return usedBytes > tightBytes ? Level.NEAR : Level.PLENTY;
  }

  /** How tight memory was when it was last measured. */
  public Level level() {
    return level;
  }

  /** The limit in force. */
  public long limitBytes() {
    return limitBytes;
  }

  /** What buffers held when they were last measured. */
  public long usedBytes() {
    return usedBytes;
  }

  /** What the allocator has taken from the system for buffers, used or free. */
  public static long reservedBytes() {
    PooledByteBufAllocatorMetric metric = ALLOCATOR.metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** What of that, and of what else is outside the heap, Netty has taken. */
  public static long directBytes() {
    return PlatformDependent.usedDirectMemory();
  }

  /** The most that buffers can have. */
  public static long maxBytes() {
    return PlatformDependent.maxDirectMemory();
  }
}
