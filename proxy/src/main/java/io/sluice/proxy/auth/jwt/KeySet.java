package io.sluice.proxy.auth.jwt;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of those who sign tokens: RSA for RS256, P-256 for ES256. Each key goes with its
 * own algorithm, whatever a token says of it. Immutable.
 */
final class KeySet {
  private static final int MAX_KEYS = 100;
  private static final int MIN_RSA_BITS = 2048;

  /** Larger ones take longer than a login is worth. */
  private static final int MAX_RSA_BITS = 8192;

  /** A token that names no key is tried with so many. */
  private static final int MAX_CANDIDATES = 8;

  private final List<Key> keys;

  private KeySet(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param id its name; null when it has none
   * @param algorithm what it verifies
   */
  private record Key(@Nullable String id, JWSAlgorithm algorithm, JWSVerifier verifier) {}

  /**
   * Reads a JSON Web Key Set (RFC 7517). Keys of other kinds and uses are left out.
   *
   * @throws IOException if it is none, or has no key that can be used
   */
  static KeySet parse(String text) throws IOException {
    List<JWK> listed;
    try {
      listed = JWKSet.parse(text).getKeys();
    } catch (ParseException | IllegalArgumentException none) {
      throw new IOException("it is no JSON Web Key Set", none);
    }
    if (listed.size() > MAX_KEYS) {
      throw new IOException("it has more than " + MAX_KEYS + " keys");
    }
    List<Key> keys = new ArrayList<>();
    for (JWK each : listed) {
      Key key = key(each);
      if (key != null) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("it has no RSA key of 2048 to 8192 bits and no P-256 key");
    }
    return new KeySet(keys);
  }

  private static @Nullable Key key(JWK jwk) {
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      return null;
    }
    try {
      if (jwk instanceof RSAKey rsa && isFit(rsa) && serves(rsa, JWSAlgorithm.RS256)) {
        return new Key(
            rsa.getKeyID(), JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toRSAPublicKey()));
      }
      if (jwk instanceof ECKey ec
          && Curve.P_256.equals(ec.getCurve())
          && serves(ec, JWSAlgorithm.ES256)) {
        return new Key(ec.getKeyID(), JWSAlgorithm.ES256, new ECDSAVerifier(ec.toECPublicKey()));
      }
    } catch (JOSEException unusable) {
      return null;
    }
    return null;
  }

  private static boolean isFit(RSAKey rsa) {
    int bits = rsa.getModulus().decodeToBigInteger().bitLength();
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
  }

  private static boolean serves(JWK jwk, JWSAlgorithm wanted) {
    Algorithm named = jwk.getAlgorithm();
    return named == null || named.equals(wanted);
  }

  /**
   * What may verify a token.
   *
   * @param id the key that the token names, or null
   */
  List<JWSVerifier> find(JWSAlgorithm algorithm, @Nullable String id) {
    return keys.stream()
        .filter(key -> key.algorithm().equals(algorithm) && (id == null || id.equals(key.id())))
        .limit(MAX_CANDIDATES)
        .map(Key::verifier)
        .toList();
  }

  @Override
  public String toString() {
    return "KeySet[" + keys.size() + ']';
  }
}
