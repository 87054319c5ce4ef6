package io.sluice.proxy.auth.hba;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic on addresses, and the networks of this machine. */
final class Networks {
  private Networks() {}

  /** Says whether two addresses are the same where the mask is set. */
  static boolean contains(byte[] network, byte[] mask, byte[] address) {
    if (network.length != address.length || mask.length != address.length) {
      return false;
    }
    for (int i = 0; i < address.length; i++) {
      if (((network[i] ^ address[i]) & mask[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The mask of the first so many bits. */
  static InetAddress mask(int bytes, int bits) {
    byte[] mask = new byte[bytes];
    for (int i = 0; i < bits; i++) {
      mask[i / Byte.SIZE] |= (byte) (0x80 >> (i % Byte.SIZE));
    }
    return address(mask);
  }

  /** An address of 4 or 16 bytes. */
  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes", impossible);
    }
  }

  /** The networks of this machine's interfaces. */
  static List<HbaAddress.Range> ofThisMachine() {
    List<HbaAddress.Range> ranges = new ArrayList<>();
    try {
      for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress own : card.getInterfaceAddresses()) {
          ranges.add(HbaAddress.Range.of(own.getAddress(), own.getNetworkPrefixLength()));
        }
      }
    } catch (SocketException unknown) {
      // Then nobody comes from them.
      return List.of();
    }
    return List.copyOf(ranges);
  }
}
