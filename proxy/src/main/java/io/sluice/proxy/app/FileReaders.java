package io.sluice.proxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Set;

/**
 * Who may read a file, beside its owner and root. Immutable.
 *
 * @param ownGroups the numbers of the groups that may
 */
record FileReaders(Set<Integer> ownGroups) {
  /** Nobody but root is in it. */
  private static final int ROOT = 0;

  FileReaders {
    ownGroups = Set.copyOf(ownGroups);
  }

  /** Who may read a file and should not. */
  enum Others {
    /** Nobody, as far as can be seen. */
    NOBODY("nobody", ""),
    /** The members of a group that is neither root's nor that of this process. */
    GROUP("a group that is neither the pooler's nor root's", "chmod 600"),
    /** All users of the machine. */
    EVERYBODY("everybody", "chmod 640");

    private final String words;
    private final String remedy;

    Others(String words, String remedy) {
      this.words = words;
      this.remedy = remedy;
    }

    String words() {
      return words;
    }

    String remedy() {
      return remedy;
    }
  }

  /** Readers of the group of root, and of that which this process has, may read secrets. */
  static FileReaders ofThisProcess() {
    Set<Integer> groups = new HashSet<>(Set.of(ROOT));
    try {
      groups.add((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      // Not Linux: the group of root remains.
    }
    return new FileReaders(groups);
  }

  /** Who else may read a file; nobody, where that cannot be seen. */
  Others others(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        return Others.EVERYBODY;
      }
      boolean isForeign =
          permissions.contains(PosixFilePermission.GROUP_READ)
              && !ownGroups.contains((Integer) Files.getAttribute(file, "unix:gid"));
      return isForeign ? Others.GROUP : Others.NOBODY;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // Not there, which the rules of the configuration report, or no POSIX file system.
      return Others.NOBODY;
    }
  }
}
