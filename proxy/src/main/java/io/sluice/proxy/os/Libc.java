package io.sluice.proxy.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The functions of the C library that we call, with their own names and shapes. Thread-safe. */
final class Libc {
  static final boolean MAC = System.getProperty("os.name", "").startsWith("Mac");

  private static final String LIBRARY_PATH = "jna.platform.library.path";

  static final int SIGHUP = 1;
  static final int SIGINT = 2;
  static final int SIGQUIT = 3;
  static final int SIGTERM = 15;

  static final int RLIMIT_CORE = 4;
  static final int RLIMIT_NOFILE = MAC ? 8 : 7;

  static final int AF_UNIX = 1;
  static final int SOCK_DGRAM = 2;
  static final int MSG_DONTWAIT = MAC ? 0x80 : 0x40;
  static final int MSG_NOSIGNAL = MAC ? 0x80000 : 0x4000;

  static final int O_RDWR = 2;
  static final int EINTR = 4;

  static {
    if (System.getProperty(LIBRARY_PATH) == null && !MAC) {
      // Otherwise JNA runs ldconfig; the system's loader finds libraries by their full names.
      System.setProperty(LIBRARY_PATH, "");
    }
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  /** The address of a function. */
  static Pointer address(String function) {
    return NativeLibrary.getProcess().getFunction(function);
  }

  static native int geteuid();

  static native int setuid(int uid);

  static native int setgid(int gid);

  static native int initgroups(String user, int gid);

  static native @Nullable Pointer getpwnam(String user);

  static native int getpwuid_r(int uid, Pointer entry, Pointer buf, long bufBytes, Pointer found);

  static native int getrlimit(int resource, Pointer limit);

  static native int setrlimit(int resource, Pointer limit);

  static native @Nullable Pointer signal(int number, @Nullable Pointer handler);

  static native int pipe(Pointer twoDescriptors);

  static native int open(String path, int flags);

  static native int dup2(int from, int to);

  static native int close(int descriptor);

  static native long read(int descriptor, Pointer buf, long lengthBytes);

  static native long write(int descriptor, Pointer buf, long lengthBytes);

  static native int setsid();

  static native int socket(int family, int type, int protocol);

  static native long sendto(
      int descriptor, Pointer buf, long lengthBytes, int flags, Pointer address, int addressBytes);

  static native String strerror(int number);

  /** The text of the last error of this thread, such as {@code Permission denied}. */
  static String lastError() {
    return strerror(Native.getLastError());
  }

  /** Room for {@code struct rlimit}: two unsigned 64-bit numbers, soft then hard. */
  static Memory rlimit(long soft, long hard) {
    Memory limit = new Memory(16);
    limit.setLong(0, soft);
    limit.setLong(8, hard);
    return limit;
  }
}
