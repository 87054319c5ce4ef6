package io.sluice.config.load;

import io.sluice.config.setting.Parsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads whole text files and says in a sentence why one can not be read. */
final class TextFile {
  /** Largest file that is read: far beyond any real configuration, small enough for any heap. */
  private static final long MAX_BYTES = 16L << 20;

  /** What stands in for bytes that are not UTF-8. */
  static final char REPLACEMENT = '\uFFFD';

  private TextFile() {}

  /** Reads a file named in a configuration. */
  static Parsed<String> read(String file) {
    try {
      return read(Path.of(file));
    } catch (InvalidPathException e) {
      return Parsed.bad("not a file name");
    }
  }

  /** Reads a file as UTF-8; other bytes become {@link #REPLACEMENT}. */
  static Parsed<String> read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        return Parsed.bad("is a directory");
      }
      if (Files.size(file) > MAX_BYTES) {
        return Parsed.bad("the file is larger than 16 MiB");
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return Parsed.good(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      return Parsed.bad("no such file");
    } catch (AccessDeniedException e) {
      return Parsed.bad("permission denied");
    } catch (IOException e) {
      return Parsed.bad("can not be read");
    }
  }
}
