package io.sluice.proxy.auth.hba;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From where connections come that begin with a PROXY header ({@code proxy_protocol_networks}).
 * Immutable.
 */
public final class ProxyNetworks {
  /** Nowhere. */
  public static final ProxyNetworks NONE = new ProxyNetworks(List.of(), false);

  private static final String UNIX = "unix";

  private final List<HbaAddress.Range> ranges;
  private final boolean unix;

  private ProxyNetworks(List<HbaAddress.Range> ranges, boolean unix) {
    this.ranges = List.copyOf(ranges);
    this.unix = unix;
  }

  /**
   * Reads the elements: addresses, networks such as {@code 10.0.0.0/8}, and {@code unix}.
   *
   * @param problems gets a sentence for each that is none of these
   */
  public static ProxyNetworks parse(List<String> elements, List<String> problems) {
    List<HbaAddress.Range> ranges = new ArrayList<>();
    boolean unix = false;
    for (String element : elements) {
      if (element.equals(UNIX)) {
        unix = true;
        continue;
      }
      try {
        ranges.add(AddressParser.range(element));
      } catch (Mistake mistake) {
        problems.add("proxy_protocol_networks: " + mistake.getMessage());
      }
    }
    return new ProxyNetworks(ranges, unix);
  }

  /**
   * Says whether a connection begins with a PROXY header.
   *
   * @param from null on a Unix socket
   */
  public boolean contains(@Nullable InetAddress from) {
    if (from == null) {
      return unix;
    }
    for (HbaAddress.Range range : ranges) {
      if (range.contains(from)) {
        return true;
      }
    }
    return false;
  }
}
