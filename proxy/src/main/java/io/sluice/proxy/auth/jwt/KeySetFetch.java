package io.sluice.proxy.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One question to the server of a key set. The JDK's client knows no deadline over all that it
 * does, from the name to the last byte: a server that drips its headers keeps it for ever. So it
 * has a thread of its own, and whoever asks waits for that as long as may be.
 */
final class KeySetFetch {
  /** How long an answer may take, all of it. */
  static final int TIMEOUT_MS = 5000;

  /** How long the client is given to see that its connection is gone. */
  private static final int END_MS = 1000;

  private final HttpURLConnection connection;
  private final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  private final Thread client = new Thread(this::run, "key set");

  private KeySetFetch(HttpURLConnection connection) {
    this.connection = connection;
  }

  /**
   * Asks, and waits for some seconds at most. Redirections are not followed.
   *
   * @return what was answered, and no more than one byte beyond what a key set may have
   */
  static byte[] from(URI uri) throws IOException {
    KeySetFetch fetch = new KeySetFetch((HttpURLConnection) uri.toURL().openConnection());
    fetch.client.setDaemon(true);
    fetch.client.start();
    return fetch.await();
  }

  private byte[] await() throws IOException {
    try {
      return answer.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      giveUp();
      throw late();
    } catch (InterruptedException stopped) {
      giveUp();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("nobody waits for the answer any more");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException refused) {
        throw refused;
      }
      throw new IOException(failed.getCause());
    }
  }

  private static IOException late() {
    return new IOException("the answer takes longer than " + TIMEOUT_MS + " ms");
  }

  private void run() {
    try {
      answer.complete(read());
    } catch (IOException | RuntimeException | Error failed) {
      answer.completeExceptionally(failed);
    } finally {
      disconnect();
    }
  }

  private byte[] read() throws IOException {
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json");
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException("the answer has status " + connection.getResponseCode());
    }
    try (InputStream in = connection.getInputStream()) {
      return bounded(in);
    }
  }

  private byte[] bounded(InputStream in) throws IOException {
    byte[] all = new byte[KeySetPlace.MAX_BYTES + 1];
    int length = 0;
    int count = 0;
    while (count >= 0 && length < all.length) {
      length += count;
      if (System.nanoTime() - deadlineNs > 0) {
        throw late();
      }
      count = in.read(all, length, all.length - length);
    }
    return Arrays.copyOf(all, length);
  }

  /** Has the client end, without waiting for it; what is not connected yet cannot be closed yet. */
  private void giveUp() {
    Thread end = new Thread(this::end, "key set end");
    end.setDaemon(true);
    end.start();
  }

  private void end() {
    try {
      while (client.isAlive()) {
        disconnect();
        client.join(END_MS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void disconnect() {
    connection.disconnect();
  }
}
