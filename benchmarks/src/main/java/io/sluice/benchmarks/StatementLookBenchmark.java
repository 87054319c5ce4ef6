package io.sluice.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sluice.proxy.session.StatementLook;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The look at a statement's first words for session state that it may leave behind. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StatementLookBenchmark {
  @Param({
    "SELECT abalance FROM pgbench_accounts WHERE aid = 4711",
    "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = 4711",
    "BEGIN",
    "SET work_mem = '64MB'"
  })
  String sql = "";

  private final StatementLook look = new StatementLook();
  private ByteBuf text = PooledByteBufAllocator.DEFAULT.directBuffer();

  @Setup
  public void fill() {
    text.writeBytes(sql.getBytes(StandardCharsets.UTF_8)).writeByte(0);
  }

  @TearDown
  public void free() {
    text.release();
  }

  @Benchmark
  public int query() {
    return look.query(name -> false, text, text.readerIndex(), text.writerIndex() - 1);
  }
}
