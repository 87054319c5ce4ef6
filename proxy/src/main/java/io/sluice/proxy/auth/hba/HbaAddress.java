package io.sluice.proxy.auth.hba;

import java.net.InetAddress;
import java.util.Locale;

/** Where clients of a rule come from. */
sealed interface HbaAddress {
  /** {@code all}: from anywhere by TCP. */
  record Anywhere() implements HbaAddress {}

  /** {@code samehost}: from an address of this machine. */
  record SameHost() implements HbaAddress {}

  /** {@code samenet}: from a network that this machine is in. */
  record SameNet() implements HbaAddress {}

  /**
   * A host name, or the end of one behind a dot.
   *
   * @param name in lower case
   */
  record HostName(String name) implements HbaAddress {
    public HostName {
      name = name.toLowerCase(Locale.ROOT);
    }

    /** Says whether every host below a domain is meant. */
    boolean isDomain() {
      return name.startsWith(".");
    }
  }

  /** A range of addresses. */
  record Range(InetAddress address, InetAddress mask) implements HbaAddress {
    /** Makes the range of the first so many bits. */
    static Range of(InetAddress address, int bits) {
      return new Range(address, Networks.mask(address.getAddress().length, bits));
    }

    /** Says whether an address is in the range; bits of ours outside the mask do not count. */
    boolean contains(InetAddress other) {
      return Networks.contains(address.getAddress(), mask.getAddress(), other.getAddress());
    }
  }
}
