package io.sluice.proxy.os;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The Unix user that this process runs as. */
public final class ProcessUser {
  private ProcessUser() {}

  /** The effective user id of this process. */
  public static int effectiveUid() {
    return Libc.geteuid();
  }

  /** Whether this process runs as the superuser. */
  public static boolean isRoot() {
    return Libc.geteuid() == 0;
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
