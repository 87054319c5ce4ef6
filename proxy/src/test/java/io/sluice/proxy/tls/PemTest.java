package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PemTest {
  @TempDir Path directory;

  private static X509Bundle bundle(Algorithm algorithm) throws Exception {
    return new CertificateBuilder()
        .subject("CN=x")
        .algorithm(algorithm)
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private String write(String text) throws IOException {
    return Files.writeString(directory.resolve("file.pem"), text).toString();
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der));
  }

  /** The key inside PKCS#8, which is how OpenSSL wrote keys for long. */
  private static byte[] inside(byte[] pkcs8) {
    ByteBuffer in = ByteBuffer.wrap(pkcs8);
    skipHeader(in);
    in.position(in.position() + 3);
    int algorithm = skipHeader(in);
    in.position(in.position() + algorithm);
    byte[] key = new byte[skipHeader(in)];
    in.get(key);
    return key;
  }

  private static int skipHeader(ByteBuffer in) {
    in.get();
    int first = in.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < first - 0x80; i++) {
      length = length * 256 + (in.get() & 0xff);
    }
    return length;
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"rsa2048", "ecp256", "ecp384", "ed25519"})
  void readsKeysInPkcs8(Algorithm algorithm) throws Exception {
    X509Bundle bundle = bundle(algorithm);
    PrivateKey key = Pem.privateKey(write("a comment\n" + bundle.getPrivateKeyPEM()));
    assertThat(key.getEncoded()).isEqualTo(bundle.getKeyPair().getPrivate().getEncoded());
  }

  @Test
  void readsRsaKeysInTheirOlderForm() throws Exception {
    PrivateKey key = bundle(Algorithm.rsa2048).getKeyPair().getPrivate();
    PrivateKey read = Pem.privateKey(write(block("RSA PRIVATE KEY", inside(key.getEncoded()))));
    assertThat(read.getEncoded()).isEqualTo(key.getEncoded());
  }

  /** Written by {@code openssl ecparam -name prime256v1 -genkey}, parameters and all. */
  @Test
  void readsEcKeysInTheirOlderForm() throws Exception {
    PrivateKey read =
        Pem.privateKey(
            write(
                """
                -----BEGIN EC PARAMETERS-----
                BggqhkjOPQMBBw==
                -----END EC PARAMETERS-----
                -----BEGIN EC PRIVATE KEY-----
                MHcCAQEEIOz5MzW5ZOzKIh9mZ1XMZvd1e7VWi6eNoOz14RyPz0n8oAoGCCqGSM49
                AwEHoUQDQgAEkCa2IwmLPaf07rBkHiex1F0D+ZZFyVW23mZD0gmdvFhEpJAfzqIy
                lFo6XcxT+N/BaxsI7JjycoKbbVHd3wbYMA==
                -----END EC PRIVATE KEY-----
                """));
    assertThat(read.getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void readsEveryCertificateOfAFile() throws Exception {
    X509Bundle one = bundle(Algorithm.ecp256);
    X509Bundle two = bundle(Algorithm.rsa2048);
    String file = write("# one\n" + one.getCertificatePEM() + "text\n\n" + two.getCertificatePEM());
    assertThat(Pem.certificates(file)).containsExactly(one.getCertificate(), two.getCertificate());
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    String missing = directory.resolve("missing").toString();
    assertThatThrownBy(() -> Pem.certificates(missing)).hasMessage(missing + ": no such file");
    String empty = write("");
    assertThatThrownBy(() -> Pem.certificates(empty))
        .hasMessage(empty + ": there is no certificate in it");
    assertThatThrownBy(() -> Pem.privateKey(empty))
        .hasMessage(empty + ": there is no private key in it");
  }

  @Test
  void refusesEncryptedKeysWithASentence() throws Exception {
    String modern = write(block("ENCRYPTED PRIVATE KEY", new byte[64]));
    assertThatThrownBy(() -> Pem.privateKey(modern)).hasMessageContaining("the key is encrypted");
    String old =
        write(
            """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-256-CBC,00

            AAAA
            -----END RSA PRIVATE KEY-----
            """);
    assertThatThrownBy(() -> Pem.privateKey(old)).hasMessageContaining("the key is encrypted");
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"rsa2048", "ecp256"})
  void survivesBrokenKeysAndCertificates(Algorithm algorithm) throws Exception {
    X509Bundle bundle = bundle(algorithm);
    byte[] key = inside(bundle.getKeyPair().getPrivate().getEncoded());
    byte[] certificate = bundle.getCertificate().getEncoded();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      String label = round % 2 == 0 ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
      assertFailsOrReads(seed, block(label, damage(key, random)), true);
      assertFailsOrReads(seed, block("CERTIFICATE", damage(certificate, random)), false);
    }
  }

  private static byte[] damage(byte[] good, Random random) {
    byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
    for (int i = random.nextInt(4); i >= 0; i--) {
      bad[random.nextInt(Math.min(bad.length, 40))] = (byte) random.nextInt();
    }
    return bad;
  }

  private void assertFailsOrReads(long seed, String text, boolean key) throws IOException {
    String file = write(text);
    try {
      assertThat(key ? Pem.privateKey(file) : Pem.certificates(file)).isNotNull();
    } catch (TlsFailure refused) {
      assertThat(refused.getMessage()).as("seed " + seed).startsWith(file + ": ");
    }
  }
}
