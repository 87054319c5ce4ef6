package io.sluice.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits for what happens soon, and says what was seen last when it does not. */
final class Eventually {
  /** Far longer than a loaded machine needs: a test that meets it has failed. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Eventually() {}

  /** Waits until a condition holds. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, condition, PATIENCE);
  }

  /** Waits until a condition holds, for no longer than a limit. */
  static void await(String what, Callable<Boolean> condition, Duration limit) throws Exception {
    long deadlineNs = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("not within " + limit.toSeconds() + "s: " + what);
      }
      Thread.sleep(10);
    }
  }

  /**
   * Waits until assertions hold, and fails with the last failure when they do not.
   *
   * <p>An exception other than an {@link AssertionError} ends the wait at once.
   */
  static void holds(ThrowingAssertion assertion) throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    @Nullable AssertionError last;
    do {
      last = failure(assertion);
      if (last == null) {
        return;
      }
      Thread.sleep(10);
    } while (System.nanoTime() < deadlineNs);
    throw last;
  }

  private static @Nullable AssertionError failure(ThrowingAssertion assertion) throws Exception {
    try {
      assertion.check();
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  /** Assertions that talk to a server. */
  @FunctionalInterface
  interface ThrowingAssertion {
    /** Throws an {@link AssertionError} while they do not hold. */
    void check() throws Exception;
  }
}
