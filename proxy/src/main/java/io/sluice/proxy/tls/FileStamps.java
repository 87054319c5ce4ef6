package io.sluice.proxy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How files looked at one moment: enough to see that one was replaced or changed. Immutable.
 *
 * @param stamps by name: time, size and number of the file
 */
public record FileStamps(Map<String, String> stamps) {
  /** Looks at files now; empty names are left out. One system call a file. */
  static FileStamps of(List<String> files) {
    Map<String, String> stamps = new LinkedHashMap<>();
    for (String file : files) {
      if (!file.isEmpty()) {
        stamps.put(file, stamp(file));
      }
    }
    return new FileStamps(stamps);
  }

  private static String stamp(String file) {
    try {
      BasicFileAttributes seen = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return seen.lastModifiedTime() + " " + seen.size() + " " + seen.fileKey();
    } catch (IOException | InvalidPathException missing) {
      return "missing";
    }
  }

  /** The same files as they look now. */
  FileStamps again() {
    return of(List.copyOf(stamps.keySet()));
  }
}
