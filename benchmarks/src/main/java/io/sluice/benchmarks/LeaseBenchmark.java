package io.sluice.benchmarks;

import io.sluice.proxy.pool.Lane;
import io.sluice.proxy.server.Server;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A free server leased and given back, as in each transaction, on the event loop of a pooler. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LeaseBenchmark {
  /** So many in a turn of the loop that what the turn itself costs is not seen. */
  private static final int BATCH = 100_000;

  private final Holder holder = new Holder();
  private final IdlePooler pooler = IdlePooler.start();
  private final Lane lane = pooler.onLoop(() -> pooler.openLane(holder));

  /** Starts a pooler whose one server is connected and free. */
  public LeaseBenchmark() {
    Server server = holder.first().join();
    pooler.onLoop(() -> giveBack(server));
  }

  private boolean giveBack(Server server) {
    lane.holderGone(server, true);
    return true;
  }

  @TearDown
  public void stop() throws IOException, InterruptedException {
    pooler.close();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public boolean leaseAndRelease() {
    return pooler.onLoop(this::batch);
  }

  private boolean batch() {
    for (int i = 0; i < BATCH; i++) {
      giveBack(Objects.requireNonNull(lane.lease(holder)));
    }
    return true;
  }
}
