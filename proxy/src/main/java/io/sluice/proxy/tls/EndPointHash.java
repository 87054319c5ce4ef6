package io.sluice.proxy.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The channel binding {@code tls-server-end-point}: a hash of the server's certificate.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5929#section-4">RFC 5929, section 4</a>
 */
final class EndPointHash {
  private EndPointHash() {}

  /** The binding; null when the certificate's signature has no hash that could be used. */
  static byte @Nullable [] of(X509Certificate certificate) {
    try {
      String hash = hash(certificate);
      return hash == null ? null : MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    } catch (GeneralSecurityException unusable) {
      return null;
    }
  }

  /** The hash of the signature; MD5 and SHA-1 are replaced by SHA-256. */
  private static @Nullable String hash(X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = algorithm.indexOf("WITH");
    String hash = with > 0 ? algorithm.substring(0, with) : pssHash(certificate, algorithm);
    return switch (hash.replace("-", "")) {
      case "MD5", "SHA1", "SHA256" -> "SHA-256";
      case "SHA224" -> "SHA-224";
      case "SHA384" -> "SHA-384";
      case "SHA512" -> "SHA-512";
      default -> null;
    };
  }

  private static String pssHash(X509Certificate certificate, String algorithm)
      throws GeneralSecurityException {
    byte[] encoded = certificate.getSigAlgParams();
    if (!algorithm.equals("RSASSA-PSS") || encoded == null) {
      return "";
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance(algorithm);
    try {
      parameters.init(encoded);
    } catch (java.io.IOException broken) {
      return "";
    }
    return parameters
        .getParameterSpec(PSSParameterSpec.class)
        .getDigestAlgorithm()
        .toUpperCase(Locale.ROOT);
  }
}
