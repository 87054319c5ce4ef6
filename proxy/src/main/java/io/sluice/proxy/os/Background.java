package io.sluice.proxy.os;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/**
 * What makes a daemon of this process. The JVM cannot fork; the launcher starts it beside itself
 * and waits on a pipe for one line that says it is up.
 */
public final class Background {
  private Background() {}

  /** Leaves the session of whoever started us, so that the end of a terminal is none of ours. */
  public static void leaveSession() {
    // Refused only to the leader of a process group, who then already stands on its own.
    Libc.setsid();
  }

  /** Puts /dev/null in the place of standard input, output and error. */
  public static void detachStandardStreams() {
    int nothing = Libc.open("/dev/null", Libc.O_RDWR);
    if (nothing < 0) {
      throw new IllegalStateException("could not open /dev/null: " + Libc.lastError());
    }
    for (int stream = 0; stream <= 2; stream++) {
      Libc.dup2(nothing, stream);
    }
    if (nothing > 2) {
      Libc.close(nothing);
    }
  }

  /** Writes the line {@code up} to the launcher's pipe and closes it. */
  public static void reportUp(int pipe) {
    byte[] line = "up\n".getBytes(StandardCharsets.US_ASCII);
    try (Memory buf = new Memory(line.length)) {
      buf.write(0, line, 0, line.length);
      // A launcher that was killed meanwhile changes nothing: we are up.
      Libc.write(pipe, buf, line.length);
    }
    Libc.close(pipe);
  }
}
