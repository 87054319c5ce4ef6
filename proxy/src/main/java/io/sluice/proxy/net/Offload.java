package io.sluice.proxy.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work that takes too long for an event loop: iterated hashes, files. A few threads behind a
 * bounded queue; results come back to the loop as a turn of their own. Thread-safe.
 */
public final class Offload {
  /** More logins at once than this are turned away instead of piling up. */
  private static final int QUEUE = 4096;

  /** Those who wait for others hardly compute: enough that one slow answer does not stop all. */
  private static final int PATIENT_THREADS = 8;

  private static final int IDLE_S = 30;

  private final LoopContext loop;
  private final ThreadPoolExecutor threads;

  /**
   * Makes the workers.
   *
   * @param count threads at most; they end when they are idle
   */
  public Offload(LoopContext loop, int count) {
    this.loop = loop;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_S,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> {
              Thread thread = new Thread(work, "worker");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Makes workers for what waits for others: directories, name servers. */
  public static Offload patient(LoopContext loop) {
    return new Offload(loop, PATIENT_THREADS);
  }

  /**
   * Runs something on a worker.
   *
   * @param result called on the loop with what it returned
   * @param failure called on the loop with what it threw
   * @return false when the queue is full: nothing will be called
   */
  public <T> boolean submit(
      Supplier<T> work, Consumer<T> result, Consumer<RuntimeException> failure) {
    return enqueue(() -> run(work, result, failure));
  }

  /**
   * Runs something on a worker, unless nobody wants it any more when its turn comes: then nothing
   * is called.
   *
   * @param wanted asked on the worker
   * @param result called on the loop with what it returned
   * @param failure called on the loop with what it threw
   * @return false when the queue is full: nothing will be called
   */
  public <T> boolean submit(
      BooleanSupplier wanted,
      Supplier<T> work,
      Consumer<T> result,
      Consumer<RuntimeException> failure) {
    return enqueue(
        () -> {
          if (wanted.getAsBoolean()) {
            run(work, result, failure);
          }
        });
  }

  private boolean enqueue(Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  private <T> void run(Supplier<T> work, Consumer<T> result, Consumer<RuntimeException> failure) {
    T value;
    try {
      value = work.get();
    } catch (RuntimeException thrown) {
      loop.execute(() -> failure.accept(thrown));
      return;
    } catch (Error thrown) {
      // Somebody waits for an answer, whatever has gone wrong.
      loop.execute(() -> failure.accept(new IllegalStateException(thrown)));
      return;
    }
    loop.execute(() -> result.accept(value));
  }

  /** Ends the workers. */
  public void close() {
    threads.shutdownNow();
  }
}
