package io.sluice.proxy.auth.ldap;

import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.SSLUtil;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a directory whether a password is right: one connection for each question. Waits for the
 * network, for a few seconds at most. Immutable.
 */
public final class Directory {
  /** Each step: connect, search, bind. */
  private static final int TIMEOUT_MS = 3000;

  private static final int TIMEOUT_S = 3;

  /** No answer that we ask for is longer. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /** Two are enough to see that it is not one. */
  private static final int MAX_ENTRIES = 2;

  private final LdapOptions options;

  public Directory(LdapOptions options) {
    this.options = options;
  }

  /** What the directory says; the text is for the log. */
  public sealed interface Verdict {}

  /** The password is right. */
  public record Right() implements Verdict {}

  /** The password is wrong, or there is no such user, or the directory cannot be asked. */
  public record Wrong(String why) implements Verdict {}

  /**
   * Checks a password.
   *
   * @param password not empty: directories take an empty one for "nobody in particular"
   */
  public Verdict check(String user, String password) {
    if (password.isEmpty()) {
      return new Wrong("empty password");
    }
    String forbidden = forbidden(user);
    if (forbidden != null) {
      return new Wrong("user name holds one of " + forbidden);
    }
    try {
      String dn = options.searches() ? find(user) : options.prefix() + user + options.suffix();
      if (dn == null) {
        return new Wrong("not exactly one entry is found for the user");
      }
      try (LDAPConnection connection = connect()) {
        connection.bind(dn, password);
      }
      return new Right();
    } catch (LDAPException refused) {
      return new Wrong(sentence(refused));
    } catch (GeneralSecurityException broken) {
      return new Wrong("TLS: " + broken.getMessage());
    }
  }

  /** The texts of directories may repeat what was sent; their codes do not. */
  private static String sentence(LDAPException refused) {
    return refused.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)
        ? "invalid credentials"
        : "directory: " + refused.getResultCode();
  }

  /** Characters that would change what is searched for, or whom we bind as. */
  private @Nullable String forbidden(String user) {
    String characters = "";
    if (options.searches()) {
      characters = "*()\\/";
    } else if (options.prefix().endsWith("=")) {
      characters = ",+\"\\<>;=";
    }
    for (int i = 0; i < user.length(); i++) {
      if (characters.indexOf(user.charAt(i)) >= 0 || user.charAt(i) == 0) {
        return characters;
      }
    }
    return null;
  }

  private @Nullable String find(String user) throws LDAPException, GeneralSecurityException {
    try (LDAPConnection connection = connect()) {
      String bindDn = options.bindDn();
      if (bindDn != null) {
        String password = options.bindPassword();
        connection.bind(bindDn, password == null ? "" : password);
      }
      SearchRequest request =
          new SearchRequest(
              String.valueOf(options.baseDn()),
              options.scope(),
              Filter.create(options.filter().replace(LdapOptions.USER, user)),
              SearchRequest.NO_ATTRIBUTES);
      request.setSizeLimit(MAX_ENTRIES);
      request.setTimeLimitSeconds(TIMEOUT_S);
      SearchResult found = connection.search(request);
      return found.getEntryCount() == 1 ? found.getSearchEntries().get(0).getDN() : null;
    }
  }

  private LDAPConnection connect() throws LDAPException, GeneralSecurityException {
    LDAPException last = null;
    for (LdapOptions.Host host : options.hosts()) {
      try {
        return connect(host);
      } catch (LDAPException unreachable) {
        last = unreachable;
      }
    }
    throw last == null ? new LDAPException(ResultCode.CONNECT_ERROR) : last;
  }

  private LDAPConnection connect(LdapOptions.Host host)
      throws LDAPException, GeneralSecurityException {
    SSLUtil tls = new SSLUtil();
    LDAPConnection connection =
        options.isLdaps()
            ? new LDAPConnection(tls.createSSLSocketFactory(), limits(), host.name(), host.port())
            : new LDAPConnection(limits(), host.name(), host.port());
    if (options.startsTls()) {
      startTls(connection, tls);
    }
    return connection;
  }

  private static void startTls(LDAPConnection connection, SSLUtil tls)
      throws LDAPException, GeneralSecurityException {
    try {
      ExtendedResult answer =
          connection.processExtendedOperation(new StartTLSExtendedRequest(tls.createSSLContext()));
      if (!answer.getResultCode().equals(ResultCode.SUCCESS)) {
        throw new LDAPException(answer);
      }
    } catch (LDAPException | GeneralSecurityException refused) {
      connection.close();
      throw refused;
    }
  }

  private static LDAPConnectionOptions limits() {
    LDAPConnectionOptions limits = new LDAPConnectionOptions();
    limits.setConnectTimeoutMillis(TIMEOUT_MS);
    limits.setResponseTimeoutMillis(TIMEOUT_MS);
    limits.setMaxMessageSize(MAX_ANSWER_BYTES);
    limits.setFollowReferrals(false);
    limits.setUseSynchronousMode(true);
    limits.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    return limits;
  }
}
