package io.sluice.proxy.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Compares PostgreSQL's certificate with the host that is configured, as libpq does: alternative
 * names first, the common name only when there are none.
 */
final class HostNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private HostNames() {}

  /**
   * Checks that a certificate is for a host.
   *
   * @param host the name or the address, as configured
   * @throws CertificateException if it is not; the message names what the certificate is for
   */
  static void check(X509Certificate certificate, String host) throws CertificateException {
    byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(host);
    List<String> names = new ArrayList<>();
    boolean found = false;
    for (List<?> name : alternatives(certificate)) {
      Object type = name.get(0);
      if (type.equals(DNS)) {
        String pattern = String.valueOf(name.get(1));
        names.add(pattern);
        found |= address == null && matches(pattern, host);
      } else if (type.equals(ADDRESS)) {
        String text = String.valueOf(name.get(1));
        names.add(text);
        found |= address != null && Arrays.equals(address, bytes(text));
      }
    }
    if (names.isEmpty()) {
      String common = DistinguishedName.commonName(certificate);
      if (common != null) {
        names.add(common);
        found = address == null ? matches(common, host) : common.equals(host);
      }
    }
    if (!found) {
      throw new CertificateException(
          "certificate is for " + String.join(", ", names) + " and not for " + host);
    }
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null ? List.of() : names;
  }

  private static byte[] bytes(String address) {
    try {
      // A literal: nothing is looked up.
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException none) {
      return new byte[0];
    }
  }

  /** A wildcard stands for the whole first label and nothing else. */
  static boolean matches(String pattern, String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    String given = pattern.toLowerCase(Locale.ROOT);
    if (!given.startsWith("*.")) {
      return given.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && given.length() > 2 && wanted.substring(dot).equals(given.substring(1));
  }
}
