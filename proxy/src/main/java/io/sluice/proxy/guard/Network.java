package io.sluice.proxy.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * What counts as one address: an IPv4 address, or the /64 of an IPv6 address, since whoever has one
 * of its addresses has them all. Immutable.
 *
 * @param isV6 whether it is a /64
 * @param prefix the address, or the first half of it
 */
record Network(boolean isV6, long prefix) {
  private static final int V6_BYTES = 16;

  /** The network of an address. An IPv4 address in the clothes of IPv6 is one of IPv4 in Java. */
  static Network of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == V6_BYTES
        ? new Network(true, buffer.getLong())
        : new Network(false, Integer.toUnsignedLong(buffer.getInt()));
  }

  /** As SHOW and the log have it: {@code 192.0.2.7}, {@code 2001:db8:0:0::/64}. */
  String display() {
    byte[] bytes =
        isV6
            ? ByteBuffer.allocate(V6_BYTES).putLong(prefix).array()
            : ByteBuffer.allocate(Integer.BYTES).putInt((int) prefix).array();
    try {
      String text = InetAddress.getByAddress(bytes).getHostAddress();
      return isV6 ? text.replaceAll("(:0){4}$", "::/64") : text;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
    }
  }
}
