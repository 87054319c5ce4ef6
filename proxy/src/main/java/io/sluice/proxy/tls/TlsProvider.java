package io.sluice.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** The libraries that can do TLS. */
public enum TlsProvider {
  /** BoringSSL, through Netty's native library: the faster one. */
  OPENSSL(SslProvider.OPENSSL),
  /** The JDK's own; everywhere, and for what BoringSSL has no switch for. */
  JDK(SslProvider.JDK);

  static {
    // A client that renegotiates makes us compute for nothing; BoringSSL refuses that anyway.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    // Nobody's clients resume sessions.
    System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
  }

  private final SslProvider netty;

  TlsProvider(SslProvider netty) {
    this.netty = netty;
  }

  /** The one for these settings: BoringSSL always offers all suites of TLS 1.3. */
  static TlsProvider of(TlsSettings settings) {
    return OpenSsl.isAvailable() && settings.tls13Ciphers().isEmpty() ? OPENSSL : JDK;
  }

  /** The library that is used unless settings need the other, with its version. */
  public static String describe() {
    return (OpenSsl.isAvailable() ? OPENSSL : JDK).library();
  }

  /** The library's name, with its version. */
  public String library() {
    return this == OPENSSL ? OpenSsl.versionString() : "JDK " + Runtime.version();
  }

  SslProvider netty() {
    return netty;
  }
}
