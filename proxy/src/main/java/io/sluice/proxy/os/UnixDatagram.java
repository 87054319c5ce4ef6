package io.sluice.proxy.os;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/**
 * A socket that sends datagrams to Unix sockets, as syslog and systemd listen on. Never waits: a
 * receiver that is absent or full loses the datagram. Thread-safe.
 */
public final class UnixDatagram implements AutoCloseable {
  private static final int PATH_BYTES = Libc.MAC ? 104 : 108;
  private static final int PATH_OFFSET = 2;

  private final int descriptor;

  private UnixDatagram(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens a socket of no name.
   *
   * @throws IllegalStateException if the system has no descriptor left
   */
  public static UnixDatagram open() {
    int descriptor = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM, 0);
    if (descriptor < 0) {
      throw new IllegalStateException("no datagram socket: " + Libc.lastError());
    }
    return new UnixDatagram(descriptor);
  }

  /**
   * Sends one datagram.
   *
   * @param path a file, or {@code @name} for Linux's abstract namespace
   * @return whether the system took it
   */
  public boolean send(String path, byte[] payload) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length >= PATH_BYTES || payload.length == 0) {
      return false;
    }
    try (Memory address = address(name);
        Memory buf = new Memory(payload.length)) {
      buf.write(0, payload, 0, payload.length);
      int flags = Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL;
      int addressBytes = addressBytes(name);
      return Libc.sendto(descriptor, buf, payload.length, flags, address, addressBytes)
          == payload.length;
    }
  }

  @Override
  public void close() {
    Libc.close(descriptor);
  }

  /** {@code struct sockaddr_un}; an abstract name begins with a zero byte in place of the @. */
  private static Memory address(byte[] name) {
    Memory address = new Memory(PATH_OFFSET + PATH_BYTES);
    address.clear();
    if (Libc.MAC) {
      address.setByte(0, (byte) addressBytes(name));
      address.setByte(1, (byte) Libc.AF_UNIX);
    } else {
      address.setShort(0, (short) Libc.AF_UNIX);
    }
    address.write(PATH_OFFSET, name, 0, name.length);
    if (name[0] == '@') {
      address.setByte(PATH_OFFSET, (byte) 0);
    }
    return address;
  }

  /** The length of an abstract name is part of it; a path ends with a zero byte. */
  private static int addressBytes(byte[] name) {
    return PATH_OFFSET + name.length + (name[0] == '@' ? 0 : 1);
  }
}
