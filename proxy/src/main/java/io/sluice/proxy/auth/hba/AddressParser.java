package io.sluice.proxy.auth.hba;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Reads where clients come from: one field, or an address and its mask. */
final class AddressParser {
  private AddressParser() {}

  static HbaAddress parse(Fields fields) throws Mistake {
    HbaToken token = fields.single("IP address specification");
    if (token.isKeyword("all")) {
      return new HbaAddress.Anywhere();
    }
    if (token.isKeyword("samehost")) {
      return new HbaAddress.SameHost();
    }
    if (token.isKeyword("samenet")) {
      return new HbaAddress.SameNet();
    }
    String text = token.text();
    int slash = text.indexOf('/');
    InetAddress address = numeric(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return hostName(text, slash);
    }
    return slash < 0
        ? masked(address, fields.single("netmask specification"))
        : HbaAddress.Range.of(address, bits(text.substring(slash + 1), address, text));
  }

  /** Reads an address, or a network such as {@code 10.0.0.0/8}. */
  static HbaAddress.Range range(String text) throws Mistake {
    int slash = text.indexOf('/');
    InetAddress address = numeric(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new Mistake("invalid IP address \"" + text + "\"");
    }
    int most = address.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? most : bits(text.substring(slash + 1), address, text);
    return HbaAddress.Range.of(address, bits);
  }

  private static HbaAddress hostName(String text, int slash) throws Mistake {
    if (slash >= 0) {
      throw new Mistake("specifying both host name and CIDR mask is invalid: \"" + text + "\"");
    }
    if (text.isEmpty() || text.indexOf(':') >= 0 || !isName(text)) {
      throw new Mistake("invalid IP address \"" + text + "\"");
    }
    return new HbaAddress.HostName(text);
  }

  /** Digits and dots only are an address gone wrong, never a host. */
  private static boolean isName(String text) {
    return text.chars().anyMatch(c -> c != '.' && (c < '0' || c > '9'))
        && text.chars().allMatch(c -> c > ' ' && c != '*');
  }

  private static int bits(String text, InetAddress address, String whole) throws Mistake {
    int most = address.getAddress().length * Byte.SIZE;
    if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new Mistake("invalid CIDR mask in address \"" + whole + "\"");
  }

  private static HbaAddress masked(InetAddress address, HbaToken token) throws Mistake {
    InetAddress mask = numeric(token.text());
    if (mask == null) {
      throw new Mistake("invalid IP mask \"" + token.text() + "\"");
    }
    if (mask.getAddress().length != address.getAddress().length) {
      throw new Mistake("IP address and mask do not match");
    }
    return new HbaAddress.Range(address, mask);
  }

  private static @Nullable InetAddress numeric(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null || text.startsWith("[") ? null : Networks.address(bytes);
  }
}
