package io.sluice.proxy.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The Unix user that this process runs as. */
public final class ProcessUser {
  /** More than struct passwd has on any system. */
  private static final int PASSWD_BYTES = 256;

  /** Room for the texts of an entry, of which a long list of rooms and phones may be one. */
  private static final int PASSWD_TEXT_BYTES = 16 * 1024;

  private ProcessUser() {}

  /**
   * The name of a user of this system, or null if it has none. May wait for a directory in the
   * network. Thread-safe.
   */
  public static @Nullable String nameOf(int uid) {
    try (Memory entry = new Memory(PASSWD_BYTES);
        Memory buf = new Memory(PASSWD_TEXT_BYTES);
        Memory found = new Memory(Native.POINTER_SIZE)) {
      found.setPointer(0, null);
      int error = Libc.getpwuid_r(uid, entry, buf, PASSWD_TEXT_BYTES, found);
      if (error != 0 || found.getPointer(0) == null) {
        return null;
      }
      // struct passwd begins: char *name.
      return entry.getPointer(0).getString(0);
    }
  }

  /**
   * Gives up the present user for good and becomes another one, with its groups. The C library
   * applies it to every thread that exists.
   *
   * @param name a user of this system
   * @throws IllegalArgumentException if there is no such user or the system refuses the change; the
   *     text is fit for an operator
   */
  public static void become(String name) {
    Pointer entry = Libc.getpwnam(name);
    if (entry == null) {
      throw new IllegalArgumentException("could not find user '" + name + "'");
    }
    // struct passwd begins: char *name, char *passwd, uid_t, gid_t.
    int uid = entry.getInt(2L * Native.POINTER_SIZE);
    int gid = entry.getInt(2L * Native.POINTER_SIZE + 4);
    if (uid == Libc.geteuid()) {
      return;
    }
    demand(Libc.initgroups(name, gid), "take the groups of", name);
    demand(Libc.setgid(gid), "take the group of", name);
    demand(Libc.setuid(uid), "become", name);
  }

  private static void demand(int result, String what, String name) {
    if (result != 0) {
      String why = Libc.lastError();
      throw new IllegalArgumentException("could not " + what + " user '" + name + "': " + why);
    }
  }
}
