package io.sluice.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files, as OpenSSL writes them. */
final class Pem {
  /** The bundles of operating systems have a quarter of a megabyte. */
  private static final long MAX_BYTES = 8L * 1024 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private Pem() {}

  /** One block: its label, and what it encodes. */
  private record Block(String label, String body) {
    byte[] bytes() throws TlsFailure {
      try {
        return Base64.getMimeDecoder().decode(body);
      } catch (IllegalArgumentException broken) {
        throw new TlsFailure("broken base64", broken);
      }
    }
  }

  /**
   * Reads all certificates of a file, in their order.
   *
   * @throws TlsFailure if it cannot be read, has none, or has a broken one
   */
  static List<X509Certificate> certificates(String file) throws TlsFailure {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label().endsWith("CERTIFICATE")) {
        found.add(certificate(file, block));
      }
    }
    if (found.isEmpty()) {
      throw new TlsFailure(file + ": there is no certificate in it");
    }
    return found;
  }

  private static X509Certificate certificate(String file, Block block) throws TlsFailure {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException | TlsFailure broken) {
      throw new TlsFailure(file + ": broken certificate: " + broken.getMessage(), broken);
    }
  }

  /**
   * Reads the private key of a file.
   *
   * @throws TlsFailure if it cannot be read, has none, or one that is encrypted or broken
   */
  static PrivateKey privateKey(String file) throws TlsFailure {
    for (Block block : blocks(file)) {
      if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.body().contains("Proc-Type:")) {
        throw new TlsFailure(file + ": the key is encrypted, which is not supported");
      }
      if (block.label().endsWith("PRIVATE KEY")) {
        try {
          return PrivateKeys.decode(block.label(), block.bytes());
        } catch (TlsFailure broken) {
          throw new TlsFailure(file + ": " + broken.getMessage(), broken);
        }
      }
    }
    throw new TlsFailure(file + ": there is no private key in it");
  }

  private static List<Block> blocks(String file) throws TlsFailure {
    Matcher matcher = BLOCK.matcher(read(file));
    List<Block> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static String read(String file) throws TlsFailure {
    Path path = Path.of(file);
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new TlsFailure(file + ": the file is too large");
      }
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException missing) {
      throw new TlsFailure(file + ": no such file", missing);
    } catch (IOException unreadable) {
      throw new TlsFailure(file + ": cannot be read: " + unreadable, unreadable);
    }
  }
}
