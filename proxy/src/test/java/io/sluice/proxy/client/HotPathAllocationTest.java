package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What the event loop allocates for a query that goes through, measured on the loop itself. */
class HotPathAllocationTest {
  private static final int WARM_UP = 10_000;
  private static final int QUERIES = 25_000;
  private static final int MESSAGES_PER_QUERY = 4;

  /** Less than the smallest object: nothing is made for a query. Maintenance passes make a few. */
  private static final long MAX_BYTES_PER_QUERY = 16;

  private static void exchange(Pair pair, int queries) throws IOException {
    byte[] query = Wire.query("select 1");
    byte[] answer = Wire.join(Wire.row(10), Wire.complete("SELECT 1"), Wire.ready('I'));
    DataInputStream server = new DataInputStream(pair.server().socket().getInputStream());
    DataInputStream client = new DataInputStream(pair.client().socket().getInputStream());
    byte[] sink = new byte[answer.length];
    for (int i = 0; i < queries; i++) {
      pair.client().send(query);
      server.readFully(sink, 0, query.length);
      pair.server().send(answer);
      client.readFully(sink);
    }
  }

  @Test
  void allocatesLittleForAQuery() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();
    // Its records of every touch of every buffer would be all that is seen.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    try (RunningProxy proxy = new RunningProxy()) {
      Pair pair = proxy.loginFirst();
      exchange(pair, WARM_UP);
      long loop = proxy.onLoop(() -> Thread.currentThread().getId());
      long before = threads.getThreadAllocatedBytes(loop);
      exchange(pair, QUERIES);
      long bytes = threads.getThreadAllocatedBytes(loop) - before;
      assertThat(bytes / QUERIES)
          .as("bytes for a query of %d messages", MESSAGES_PER_QUERY)
          .isLessThan(MAX_BYTES_PER_QUERY);
      pair.client().close();
      pair.server().close();
    } finally {
      ResourceLeakDetector.setLevel(usual);
    }
  }
}
