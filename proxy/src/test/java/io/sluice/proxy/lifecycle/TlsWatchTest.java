package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsContext;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while the proxy runs. */
class TlsWatchTest {
  @TempDir Path directory;

  private TestAuthority ours;

  @BeforeEach
  void makeAuthority() throws Exception {
    ours = TestAuthority.create("Ours");
  }

  private X509Bundle server(String name) throws Exception {
    return ours.issue("CN=" + name, TestAuthority::forLocalhost);
  }

  private RunningProxy start() throws Exception {
    String files = TestAuthority.settings(server("first"), directory, "client");
    return new RunningProxy("client_tls_sslmode = require", files);
  }

  /** Which certificate a new client sees. */
  private String shown(RunningProxy proxy) {
    try (Peer plain = proxy.connect()) {
      plain.send(ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array());
      assertThat(plain.readByte()).isEqualTo('S');
      Peer client = plain.secure(ours.context(null));
      X509Certificate certificate =
          (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static TlsContext context(RunningProxy proxy) {
    return proxy.onLoop(() -> Objects.requireNonNull(proxy.proxy().pools().tls().clients()));
  }

  private static String failure(RunningProxy proxy) {
    return proxy.onLoop(
        () -> {
          Tls tls = proxy.proxy().pools().tls();
          return String.valueOf(tls.failureOf(Objects.requireNonNull(tls.clients())));
        });
  }

  @Test
  void usesChangedFilesWithoutBeingTold() throws Exception {
    try (RunningProxy proxy = start()) {
      assertThat(shown(proxy)).isEqualTo("CN=first");
      TlsContext before = context(proxy);

      TestAuthority.write(server("second"), directory, "client");

      await("new context", () -> context(proxy) != before);
      await("the right one", () -> shown(proxy).equals("CN=second"));
    }
  }

  @Test
  void keepsTheOldFilesWhileTheNewOnesCannotBeUsed() throws Exception {
    try (RunningProxy proxy = start()) {
      Files.writeString(directory.resolve("client.crt"), server("second").getCertificatePEM());

      await("noticed", () -> !failure(proxy).equals("null"));
      assertThat(failure(proxy)).contains("the key does not belong to the certificate");
      assertThat(shown(proxy)).isEqualTo("CN=first");

      TestAuthority.write(server("third"), directory, "client");

      await("used", () -> shown(proxy).equals("CN=third"));
      assertThat(failure(proxy)).isEqualTo("null");
    }
  }

  @Test
  void goesOnWhenAFileIsGone() throws Exception {
    try (RunningProxy proxy = start()) {
      Files.delete(directory.resolve("client.key"));

      await("noticed", () -> failure(proxy).contains("client.key: no such file"));
      assertThat(shown(proxy)).isEqualTo("CN=first");
    }
  }

  @Test
  void readsChangedFilesAtReload() throws Exception {
    Tls tls = new Tls();
    String files = TestAuthority.settings(server("first"), directory, "client");
    Result result = ConfigLoader.parseText("[pgbouncer]\nclient_tls_sslmode = require\n" + files);
    var config = ((Result.Loaded) result).config();
    tls.follow(tls.plan(config));
    TlsContext first = Objects.requireNonNull(tls.clients());

    tls.follow(tls.plan(config));
    assertThat(tls.clients()).isSameAs(first);

    TestAuthority.write(server("second"), directory, "client");
    tls.follow(tls.plan(config));
    assertThat(tls.clients()).isNotSameAs(first);
    assertThat(certificate(tls).getSubjectX500Principal().getName()).isEqualTo("CN=second");
  }

  private static X509Certificate certificate(Tls tls) {
    return Objects.requireNonNull(Objects.requireNonNull(tls.clients()).certificate());
  }

  @Test
  void countsTheDaysThatACertificateHas() throws Exception {
    assertThat(daysLeft(b -> b.notAfter(Instant.now().plus(Duration.ofHours(100))))).isEqualTo(4);
    assertThat(daysLeft(TestAuthority::expired)).isEqualTo(-2);
  }

  private int daysLeft(UnaryOperator<CertificateBuilder> shape) throws Exception {
    String files = TestAuthority.settings(ours.issue("CN=x", shape), directory, "client");
    Tls tls = new Tls();
    Result result = ConfigLoader.parseText("[pgbouncer]\nclient_tls_sslmode = allow\n" + files);
    tls.follow(tls.plan(((Result.Loaded) result).config()));
    return Objects.requireNonNull(tls.clients()).daysLeft(System.currentTimeMillis());
  }
}
