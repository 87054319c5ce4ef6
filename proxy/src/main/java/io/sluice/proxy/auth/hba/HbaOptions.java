package io.sluice.proxy.auth.hba;

import io.sluice.proxy.auth.ldap.LdapOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a rule's method. Immutable.
 *
 * @param map the map of the ident file, or null: names must be the same
 * @param clientCert what is demanded of the client's certificate beside the method
 * @param others options of the method itself, as they are written
 * @param ldap those of an LDAP rule, understood
 */
public record HbaOptions(
    @Nullable String map,
    ClientCert clientCert,
    Map<String, String> others,
    @Nullable LdapOptions ldap) {
  /** No options. */
  static final HbaOptions NONE = new HbaOptions(null, ClientCert.ANY, Map.of(), null);

  /** What {@code clientcert=} demands. */
  public enum ClientCert {
    /** Nothing. */
    ANY,
    /** A certificate from an authority of ours. */
    VERIFY_CA,
    /** A certificate from an authority of ours, for the user. */
    VERIFY_FULL
  }

  /** Hides the values: a bind password may be among them. */
  @Override
  public String toString() {
    return "HbaOptions[map=" + map + ", clientCert=" + clientCert + ", " + others.keySet() + ']';
  }
}
