package io.sluice.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sluice.protocol.MessageCursor;
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

/** One walk over the messages of a receive buffer, as each read of a connection takes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CursorBenchmark {
  /** The answer to one small query; 64 kB of rows of 1 kB. */
  @Param({"4x40", "63x1024"})
  String messages = "";

  private final MessageCursor cursor = new MessageCursor();
  private ByteBuf run = PooledByteBufAllocator.DEFAULT.directBuffer();

  @Setup
  public void fill() {
    int count = Integer.parseInt(messages.substring(0, messages.indexOf('x')));
    byte[] body =
        "d"
            .repeat(Integer.parseInt(messages.substring(messages.indexOf('x') + 1)))
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < count; i++) {
      run.writeByte('D').writeInt(body.length + Integer.BYTES).writeBytes(body);
    }
  }

  @TearDown
  public void free() {
    run.release();
  }

  @Benchmark
  public int walk() {
    int types = 0;
    cursor.begin(run);
    while (cursor.next()) {
      types += cursor.type();
      cursor.advance();
    }
    cursor.end();
    return types;
  }
}
