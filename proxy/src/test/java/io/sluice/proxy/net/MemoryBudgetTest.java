package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When buffers are measured, and who is told. */
class MemoryBudgetTest {
  private static final int LIMIT_BYTES = 640_000;
  private static final int READS = 20;
  private static final int READ_BYTES = 1_000;

  @Test
  void looksDoNotPutOffWhatReadsMeasure() {
    AtomicInteger told = new AtomicInteger();
    MemoryBudget budget = new MemoryBudget();
    budget.setLimit(LIMIT_BYTES);
    budget.watch(told::incrementAndGet);
    MemoryBudget.keep(LIMIT_BYTES + 1);
    try {
      budget.measure();
      assertThat(told).hasValue(1);
      // More than a sixty-fourth of the limit is read, with a login after each read.
      for (int i = 0; i < READS; i++) {
        budget.received(READ_BYTES);
        budget.look();
      }
      assertThat(told).hasValueGreaterThan(1);
    } finally {
      MemoryBudget.keep(-LIMIT_BYTES - 1);
    }
  }
}
