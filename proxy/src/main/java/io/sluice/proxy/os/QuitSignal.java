package io.sluice.proxy.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * SIGQUIT, which the JVM keeps for its thread dump and hands to nobody.
 *
 * <p>A native handler may do next to nothing, and no Java. But a handler is called with the number
 * of its signal, SIGQUIT is 3, and {@code close} may be called from a handler: so {@code close}
 * itself becomes the handler, and file 3 the writing end of a pipe. The signal closes it, and a
 * thread that reads the other end sees the end of the file.
 *
 * <p>File 3 must be free for that, which only the one who started this process can arrange: the
 * launcher opens it on /dev/null. Without it SIGQUIT gets its default action, the immediate end.
 */
public final class QuitSignal {
  private static final int FILE_OF_SIGQUIT = Libc.SIGQUIT;

  /** The address that stands for ignoring a signal, on Linux and macOS. */
  private static final int SIG_IGN = 1;

  private QuitSignal() {}

  /**
   * Calls an action, on a thread of its own, when SIGQUIT arrives.
   *
   * @throws IllegalStateException if the system has no pipe for it
   */
  public static void callThroughFile3(Runnable action) {
    int readingEnd = pipeInto(FILE_OF_SIGQUIT);
    Libc.signal(Libc.SIGQUIT, Libc.address("close"));
    Thread waiter = new Thread(() -> waitForEnd(readingEnd, action), "sigquit");
    waiter.setDaemon(true);
    waiter.start();
  }

  /** Lets SIGQUIT end this process as the system does by default, but without a core file. */
  public static void endProcess() {
    FileLimit.forbidCoreFiles();
    Libc.signal(Libc.SIGQUIT, Pointer.NULL);
  }

  private static int pipeInto(int writingEnd) {
    try (Memory ends = new Memory(8)) {
      if (Libc.pipe(ends) != 0 || Libc.dup2(ends.getInt(4), writingEnd) != writingEnd) {
        throw new IllegalStateException("no pipe for SIGQUIT: " + Libc.lastError());
      }
      Libc.close(ends.getInt(4));
      return ends.getInt(0);
    }
  }

  private static void waitForEnd(int readingEnd, Runnable action) {
    try (Memory nothing = new Memory(1)) {
      long result = Libc.read(readingEnd, nothing, 1);
      while (result < 0 && Native.getLastError() == Libc.EINTR) {
        result = Libc.read(readingEnd, nothing, 1);
      }
    }
    // File 3 may be somebody else's by now; a second signal must not close it.
    Libc.signal(Libc.SIGQUIT, Pointer.createConstant(SIG_IGN));
    action.run();
  }
}
