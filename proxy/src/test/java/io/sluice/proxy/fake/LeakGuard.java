package io.sluice.proxy.fake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a buffer was lost. A lost buffer is seen when it is collected and
 * another one is made, so both are brought about here. Found by JUnit itself, for every class.
 */
public final class LeakGuard implements AfterAllCallback {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final int ALLOCATIONS = 64;

  static {
    // Before the first buffer is made: its class takes its detector once.
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
  }

  /** Makes detectors that remember. */
  private static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // It is the only abstract method.
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Remembering<>(resource, samplingInterval);
    }
  }

  /** Remembers what leaked. */
  private static final class Remembering<T> extends ResourceLeakDetector<T> {
    Remembering(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      LEAKS.add(resourceType);
    }
  }

  /** Collects what is lost, and returns what was found since the last time. */
  static String collect() {
    for (int round = 0; round < 2; round++) {
      System.gc();
      for (int i = 0; i < ALLOCATIONS; i++) {
        ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(1);
        probe.release();
      }
    }
    StringBuilder found = new StringBuilder();
    for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      found.append(leak).append('\n');
    }
    return found.toString();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    String leaks = collect();
    if (!leaks.isEmpty()) {
      throw new AssertionError("buffers were lost: " + leaks);
    }
  }
}
