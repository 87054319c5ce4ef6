package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsReasonTest {
  @Test
  void saysWhatIsWrongWithACertificate() {
    Throwable failure = new SSLHandshakeException("General OpenSslEngine problem");
    failure.initCause(new CertificateException("certificate is for a and not for b"));
    assertThat(TlsReason.of(new DecoderException(failure)))
        .isEqualTo("certificate is for a and not for b");
  }

  @Test
  void translatesBoringSslsTexts() {
    assertThat(
            TlsReason.of(
                new SSLHandshakeException(
                    "error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA")))
        .isEqualTo("tlsv1 alert unknown ca");
  }

  @Test
  void neverRepeatsWhatWasSent() {
    assertThat(TlsReason.of(new NotSslRecordException("not an SSL/TLS record: 70617373776f7264")))
        .isEqualTo("not a TLS record");
  }

  @Test
  void keepsToOneShortLine() {
    assertThat(TlsReason.of(new CertificateException("x\n".repeat(1000))))
        .hasSize(300)
        .doesNotContain("\n");
  }

  @Test
  void alwaysSaysSomething() {
    assertThat(TlsReason.of(new ClosedChannelException())).isEqualTo("connection closed");
    assertThat(TlsReason.of(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
