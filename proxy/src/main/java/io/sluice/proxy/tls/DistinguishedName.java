package io.sluice.proxy.tls;

import java.security.cert.X509Certificate;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** Reads the names inside certificates. */
final class DistinguishedName {
  private DistinguishedName() {}

  /**
   * The subject's common name, the first if there are several; null without one, or if it has a
   * zero byte, which hides what stands behind it from others.
   */
  static @Nullable String commonName(X509Certificate certificate) {
    try {
      // The first relative name is the last one of the text.
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        Attribute common = part.toAttributes().get("CN");
        if (common != null && common.get() instanceof String name) {
          return name.indexOf('\0') < 0 ? name : null;
        }
      }
      return null;
    } catch (NamingException broken) {
      return null;
    }
  }
}
