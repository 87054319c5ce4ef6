package io.sluice.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.prepare.StatementCache;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding the statement that somebody has prepared before, by text and parameter types. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StatementCacheBenchmark {
  private static final int OTHERS = 1000;

  private final StatementCache cache = new StatementCache(Long.MAX_VALUE);
  private final ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer();

  @Setup
  public void fill() {
    for (int i = 0; i <= OTHERS; i++) {
      write("SELECT abalance FROM pgbench_accounts WHERE aid = $1 AND bid = " + i);
      open();
    }
  }

  private void write(String sql) {
    body.clear();
    body.writeBytes(sql.getBytes(StandardCharsets.UTF_8)).writeByte(0).writeShort(0);
  }

  private @Nullable Statement open() {
    return cache.open(body, body.readerIndex(), body.readableBytes());
  }

  @TearDown
  public void free() {
    body.release();
  }

  @Benchmark
  public @Nullable Statement findAndRelease() {
    Statement found = open();
    if (found != null) {
      cache.release(found);
    }
    return found;
  }
}
