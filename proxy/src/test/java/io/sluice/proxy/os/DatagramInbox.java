package io.sluice.proxy.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** A Unix datagram socket with a name, as syslog and systemd have one. For Linux. */
public final class DatagramInbox implements AutoCloseable {
  private static final int POLLIN = 1;
  private static final int DEADLINE_MS = 10_000;

  static {
    Native.register(DatagramInbox.class, "c");
  }

  private final int descriptor;

  /**
   * Binds the socket.
   *
   * @param name a path, or {@code @name} for the abstract namespace
   */
  public DatagramInbox(String name) {
    descriptor = socket(Libc.AF_UNIX, Libc.SOCK_DGRAM, 0);
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    try (Memory address = new Memory(110)) {
      address.clear();
      address.setShort(0, (short) Libc.AF_UNIX);
      address.write(2, path, 0, path.length);
      boolean isAbstract = path[0] == '@';
      if (isAbstract) {
        address.setByte(2, (byte) 0);
      }
      if (bind(descriptor, address, 2 + path.length + (isAbstract ? 0 : 1)) != 0) {
        throw new IllegalStateException("bind " + name + ": " + Libc.lastError());
      }
    }
  }

  private static native int socket(int family, int type, int protocol);

  private static native int bind(int descriptor, Pointer address, int addressBytes);

  private static native int poll(Pointer entries, long entryCount, int timeoutMs);

  private static native long recv(int descriptor, Pointer buf, long lengthBytes, int flags);

  /** Waits for the next datagram. */
  public String next() {
    try (Memory entry = new Memory(8);
        Memory buf = new Memory(65_536)) {
      entry.setInt(0, descriptor);
      entry.setInt(4, POLLIN);
      if (poll(entry, 1, DEADLINE_MS) != 1) {
        throw new IllegalStateException("no datagram came");
      }
      int lengthBytes = (int) recv(descriptor, buf, buf.size(), 0);
      return new String(buf.getByteArray(0, lengthBytes), StandardCharsets.UTF_8);
    }
  }

  /** Whether nothing has arrived that was not read. */
  public boolean isEmpty() {
    try (Memory entry = new Memory(8)) {
      entry.setInt(0, descriptor);
      entry.setInt(4, POLLIN);
      return poll(entry, 1, 0) == 0;
    }
  }

  @Override
  public void close() {
    Libc.close(descriptor);
  }
}
