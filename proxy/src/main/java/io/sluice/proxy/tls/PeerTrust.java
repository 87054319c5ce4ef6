package io.sluice.proxy.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed. Refuses with a sentence for the log: expired, from another
 * authority, for another host. Thread-safe.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NOBODY = {};

  private final @Nullable X509TrustManager authorities;
  private final boolean checksHost;

  private PeerTrust(@Nullable X509TrustManager authorities, boolean checksHost) {
    this.authorities = authorities;
    this.checksHost = checksHost;
  }

  /** Believes everybody: the connection is encrypted, and no more. */
  static PeerTrust everybody() {
    return new PeerTrust(null, false);
  }

  /**
   * Believes whose certificate comes from one of these authorities.
   *
   * @param authorities nobody else; null for those that the JDK knows
   * @param checksHost whether a server's certificate must be for the host that was connected to
   */
  static PeerTrust in(@Nullable List<X509Certificate> authorities, boolean checksHost)
      throws TlsFailure {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(authorities == null ? null : store(authorities));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager found) {
          return new PeerTrust(found, checksHost);
        }
      }
      throw new TlsFailure("the JDK checks no certificates");
    } catch (GeneralSecurityException | java.io.IOException broken) {
      throw new TlsFailure("authorities cannot be used: " + broken.getMessage(), broken);
    }
  }

  private static KeyStore store(List<X509Certificate> authorities)
      throws GeneralSecurityException, java.io.IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("ca" + number++, authority);
    }
    return store;
  }

  // ---- clients

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    X509TrustManager trusted = authorities;
    if (trusted != null) {
      checkTime(chain);
      try {
        trusted.checkClientTrusted(chain, type);
      } catch (CertificateException refused) {
        throw unknownAuthority(chain, refused);
      }
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  // ---- servers

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (checksHost) {
      throw new CertificateException("the host is not known");
    }
    checkServer(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServer(chain, type);
    if (checksHost) {
      HostNames.check(chain[0], engine.getPeerHost());
    }
  }

  private void checkServer(X509Certificate[] chain, String type) throws CertificateException {
    X509TrustManager trusted = authorities;
    if (trusted != null) {
      checkTime(chain);
      try {
        trusted.checkServerTrusted(chain, type);
      } catch (CertificateException refused) {
        throw unknownAuthority(chain, refused);
      }
    }
  }

  /** The JDK does not look at the time of a certificate that it is told to trust itself. */
  private static void checkTime(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException over) {
        throw new CertificateExpiredException(
            "certificate " + name(certificate) + " expired " + day(certificate.getNotAfter()));
      } catch (CertificateNotYetValidException early) {
        throw new CertificateNotYetValidException(
            "certificate " + name(certificate) + " begins " + day(certificate.getNotBefore()));
      }
    }
  }

  private static String day(java.util.Date date) {
    return date.toInstant().toString();
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static CertificateException unknownAuthority(
      X509Certificate[] chain, CertificateException refused) {
    X509Certificate last = chain[chain.length - 1];
    return new CertificateException(
        "certificate "
            + name(chain[0])
            + " is not from a trusted authority (issuer "
            + last.getIssuerX500Principal().getName()
            + "): "
            + refused.getMessage(),
        refused);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    X509TrustManager trusted = authorities;
    return trusted == null ? NOBODY : trusted.getAcceptedIssuers();
  }
}
