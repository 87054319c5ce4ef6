package io.sluice.proxy.tls;

/** TLS settings that cannot be used; the message is fit for an operator. */
public final class TlsFailure extends Exception {
  private static final long serialVersionUID = 1L;

  TlsFailure(String message) {
    super(message);
  }

  TlsFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
