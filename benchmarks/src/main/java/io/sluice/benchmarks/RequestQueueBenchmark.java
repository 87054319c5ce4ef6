package io.sluice.benchmarks;

import io.sluice.protocol.FrontendType;
import io.sluice.proxy.server.RequestQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a server still owes: noted when a query is sent, and ticked off as it is answered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestQueueBenchmark {
  private final RequestQueue queue = new RequestQueue();

  /** One Query and its ReadyForQuery. */
  @Benchmark
  public boolean simple() {
    queue.forward(FrontendType.QUERY);
    queue.pop();
    queue.readyReceived();
    return queue.isSettled();
  }

  /** Parse, Bind, Describe, Execute, Sync, and their answers. */
  @Benchmark
  public boolean extended() {
    queue.forward(FrontendType.PARSE);
    queue.forward(FrontendType.BIND);
    queue.forward(FrontendType.DESCRIBE);
    queue.forward(FrontendType.EXECUTE);
    queue.forward(FrontendType.SYNC);
    queue.pop();
    queue.pop();
    queue.pop();
    queue.pop();
    queue.pop();
    queue.readyReceived();
    return queue.isSettled();
  }
}
