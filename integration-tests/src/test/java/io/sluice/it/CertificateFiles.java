package io.sluice.it;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.sluice.demo.postgres.Directories;
import io.sluice.demo.process.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * An authority, and the certificates that it signs, as files in a directory: {@code ca.crt}, and
 * {@code NAME.crt} with {@code NAME.key} for each.
 *
 * <p>libpq and PostgreSQL insist on keys that nobody else may read: theirs are {@code
 * NAME.private.key} and {@code postgres/NAME.key}; pgjdbc's is {@code NAME.der}.
 */
final class CertificateFiles {
  private static final Duration DAY = Duration.ofDays(1);

  private final Path directory;
  private final X509Bundle root;

  private CertificateFiles(Path directory, X509Bundle root) {
    this.directory = directory;
    this.root = root;
  }

  /** Makes an authority in a new directory. */
  static CertificateFiles create(String name) throws Exception {
    Path directory = Files.createTempDirectory("sluice-it-tls-");
    Directories.openToAll(directory);
    CertificateBuilder authority = valid().setIsCertificateAuthority(true);
    X509Bundle root = authority.subject("CN=" + name).buildSelfSigned();
    Files.writeString(directory.resolve("ca.crt"), root.getCertificatePEM());
    return new CertificateFiles(directory, root);
  }

  private static CertificateBuilder valid() {
    Instant now = Instant.now();
    return new CertificateBuilder().notBefore(now.minus(DAY)).notAfter(now.plus(DAY)).rsa2048();
  }

  /** Signs a certificate for this machine. */
  void server(String name) throws Exception {
    issue(name, shape -> shape.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
  }

  /** Signs a certificate, valid for a day on both sides of now unless it is shaped otherwise. */
  void issue(String name, UnaryOperator<CertificateBuilder> shape) throws Exception {
    X509Bundle made = shape.apply(valid().subject("CN=" + name)).buildIssuedBy(root);
    Files.writeString(file(name + ".crt"), made.getCertificatePEM());
    Files.writeString(file(name + ".key"), made.getPrivateKeyPEM());
    Files.write(file(name + ".der"), made.getKeyPair().getPrivate().getEncoded());
    restrict(Files.writeString(file(name + ".private.key"), made.getPrivateKeyPEM()));
    Path own = Files.createDirectories(file("postgres"));
    restrict(Files.writeString(own.resolve(name + ".key"), made.getPrivateKeyPEM()));
    Unprivileged.anyhow().own(own);
  }

  private static void restrict(Path key) throws IOException {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  /** Makes the times of a certificate lie before now. */
  static CertificateBuilder expired(CertificateBuilder builder) {
    Instant now = Instant.now();
    return builder.notBefore(now.minus(DAY.multipliedBy(3))).notAfter(now.minus(DAY));
  }

  /** The path of a file. */
  Path file(String name) {
    return directory.resolve(name);
  }
}
