package io.sluice.proxy.tls;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake has shown. Immutable.
 *
 * @param protocol version, such as {@code TLSv1.3}
 * @param cipher the suite, by OpenSSL's name
 * @param applicationProtocol what ALPN has chosen, or null
 * @param peer the other side's certificate, or null without one
 * @param isVerified whether that certificate comes from an authority of ours, and is valid
 * @param serverCertificate the certificate of whichever side is the server
 */
public record TlsSession(
    String protocol,
    String cipher,
    @Nullable String applicationProtocol,
    @Nullable X509Certificate peer,
    boolean isVerified,
    @Nullable X509Certificate serverCertificate) {

  /** Reads what a handshake has shown, once it is over. */
  public static TlsSession of(SslHandler handler, TlsContext context) {
    SSLEngine engine = handler.engine();
    SSLSession session = engine.getSession();
    X509Certificate peer = peerOf(session);
    String chosen = handler.applicationProtocol();
    return new TlsSession(
        session.getProtocol(),
        CipherSuites.openSslName(session.getCipherSuite()),
        chosen == null || chosen.isEmpty() ? null : chosen,
        peer,
        peer != null && context.knowsPeers(),
        context.role() == TlsRole.SERVERS ? peer : context.certificate());
  }

  private static @Nullable X509Certificate peerOf(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }

  /** The common name of the other side's verified certificate; null without one. */
  public @Nullable String peerCommonName() {
    X509Certificate shown = verifiedPeer();
    return shown == null ? null : DistinguishedName.commonName(shown);
  }

  /** The whole name of the other side's verified certificate, as in RFC 2253; null without one. */
  public @Nullable String peerName() {
    X509Certificate shown = verifiedPeer();
    return shown == null ? null : shown.getSubjectX500Principal().getName();
  }

  /** The whole name of who has signed the other side's verified certificate; null without one. */
  public @Nullable String peerIssuer() {
    X509Certificate shown = verifiedPeer();
    return shown == null ? null : shown.getIssuerX500Principal().getName();
  }

  /** The other side's certificate if it was verified, else null. */
  public @Nullable X509Certificate verifiedPeer() {
    return isVerified ? peer : null;
  }

  /**
   * The channel binding {@code tls-server-end-point} (RFC 5929); null when the server's certificate
   * has none.
   */
  public byte @Nullable [] serverEndPoint() {
    X509Certificate server = serverCertificate;
    return server == null ? null : EndPointHash.of(server);
  }

  /** {@code protocol/cipher}, as logs and SHOW have it. */
  public String text() {
    return protocol + "/" + cipher;
  }

  @Override
  public String toString() {
    return text();
  }
}
