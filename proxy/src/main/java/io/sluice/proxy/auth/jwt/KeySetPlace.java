package io.sluice.proxy.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
    @Override
    public String read() throws IOException {
      return text(KeySetFetch.from(uri));
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
