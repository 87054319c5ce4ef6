package io.sluice.proxy.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Where a key set is kept. Immutable. */
public sealed interface KeySetPlace {
  /** Key sets have a few kilobytes. */
  int MAX_BYTES = 256 << 10;

  /** Reads the text of the set; waits. */
  String read() throws IOException;

  /** Says whether somebody else is asked for it. */
  boolean isRemote();

  /**
   * A file.
   *
   * @param path its absolute path
   */
  record File(String path) implements KeySetPlace {
    @Override
    public String read() throws IOException {
      try (InputStream in = Files.newInputStream(Path.of(path))) {
        return text(in.readNBytes(MAX_BYTES + 1));
      }
    }

    @Override
    public boolean isRemote() {
      return false;
    }

    @Override
    public String toString() {
      return path;
    }
  }

  /**
   * A place in the network. Redirections are not followed: where keys come from is configured.
   *
   * @param uri https, or http on this machine
   */
  record Url(URI uri) implements KeySetPlace {
    private static final int TIMEOUT_MS = 5000;

    @Override
    public String read() throws IOException {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept", "application/json");
      try {
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
          throw new IOException("the answer has status " + connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
          return text(bounded(in));
        }
      } finally {
        connection.disconnect();
      }
    }

    /** Every read waits for some seconds at most, all of them together for hardly more. */
    private static byte[] bounded(InputStream in) throws IOException {
      long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
      byte[] all = new byte[MAX_BYTES + 1];
      int length = 0;
      int count = 0;
      while (count >= 0 && length < all.length) {
        length += count;
        if (System.nanoTime() - deadlineNs > 0) {
          throw new IOException("the answer takes longer than " + TIMEOUT_MS + " ms");
        }
        count = in.read(all, length, all.length - length);
      }
      return java.util.Arrays.copyOf(all, length);
    }

    @Override
    public boolean isRemote() {
      return true;
    }

    @Override
    public String toString() {
      return uri.toString();
    }
  }

  private static String text(byte[] bytes) throws IOException {
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it has more than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
