package io.sluice.proxy.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in a few words why TLS failed: nothing that the other side has sent as data. */
public final class TlsReason {
  private static final int MAX_CHARS = 300;

  /** What BoringSSL makes of OpenSSL's alerts about a certificate, which are not encrypted. */
  private static final String UNREADABLE = "bad packet length";

  private static final int MAX_DEPTH = 8;

  private TlsReason() {}

  /** The reason behind a failure. */
  public static String of(Throwable failure) {
    String reason = "";
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++, cause = cause.getCause()) {
      if (cause instanceof NotSslRecordException) {
        // Its message has the bytes themselves.
        return "not a TLS record";
      }
      if (cause instanceof CertificateException) {
        return shorten(cause.getMessage());
      }
      if (cause instanceof ClosedChannelException) {
        return "connection closed";
      }
      if (cause instanceof SSLException && !isGeneral(cause.getMessage())) {
        reason = shorten(cause.getMessage());
      }
    }
    return reason.isEmpty() ? failure.getClass().getSimpleName() : reason;
  }

  private static boolean isGeneral(@Nullable String message) {
    return message == null || message.startsWith("General Open");
  }

  /** BoringSSL's texts are {@code error:number:library:function:REASON}. */
  private static String shorten(@Nullable String message) {
    String text = String.valueOf(message).replaceAll("\\s+", " ");
    if (text.startsWith("error:")) {
      text = text.substring(text.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    if (text.equals(UNREADABLE)) {
      text += " (most likely an alert: our certificate was refused)";
    }
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
  }
}
