package io.sluice.proxy.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the system knows of this process. Linux tells it in files; where those are not there, the C
 * library is asked, which takes Java 100 ms to get ready. Thread-safe.
 */
public final class OwnProcess {
  /** The superuser's user id. */
  public static final int ROOT = 0;

  private static final Path FILES = Path.of("/proc/self");
  private static final String STATUS = "status";

  private OwnProcess() {}

  /** The process id, as other processes of the same container know it. */
  public static long pid() {
    // NSpid: the ids in all namespaces, tabs between them, the innermost last.
    String ids = row(STATUS, "NSpid:");
    if (ids == null) {
      return ProcessHandle.current().pid();
    }
    return Long.parseLong(ids.substring(ids.lastIndexOf('\t') + 1));
  }

  /** The effective user id, unsigned. */
  public static int effectiveUid() {
    // Uid: real, effective, saved, and that for files.
    String ids = row(STATUS, "Uid:");
    return ids == null ? Libc.geteuid() : Integer.parseUnsignedInt(ids.split("\t")[1]);
  }

  /** Whether a signal may be one that this process ignores. */
  static boolean mayIgnore(int signal) {
    // SigIgn: a mask in hexadecimal, bit 0 for signal 1.
    String mask = row(STATUS, "SigIgn:");
    return mask == null || (Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1) == 1;
  }

  /**
   * What stands behind a name in a file of Linux about this process, without spaces around it; null
   * if it does not stand there, or not on this system.
   */
  static @Nullable String row(String file, String name) {
    try {
      for (String line : Files.readAllLines(FILES.resolve(file))) {
        if (line.startsWith(name)) {
          return line.substring(name.length()).strip();
        }
      }
    } catch (IOException otherSystem) {
      // The same as a row that is not there.
    }
    return null;
  }
}
