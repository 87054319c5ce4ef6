package io.sluice.benchmarks;

import io.sluice.proxy.catalog.Quota;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** One place within a limit taken and given back, by one event loop and by two at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QuotaBenchmark {
  private static final int LIMIT = 100;

  private final Quota quota = new Quota();

  @Benchmark
  @Threads(1)
  public boolean alone() {
    return takeAndGiveBack();
  }

  @Benchmark
  @Threads(2)
  public boolean contended() {
    return takeAndGiveBack();
  }

  private boolean takeAndGiveBack() {
    boolean taken = quota.tryTake(LIMIT);
    if (taken) {
      quota.giveBack();
    }
    return taken;
  }
}
