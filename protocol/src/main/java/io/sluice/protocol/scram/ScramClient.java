package io.sluice.protocol.scram;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One SCRAM-SHA-256 exchange in which we prove who we are. Used by one login; the server is not
 * trusted: everything that it sends is bounded.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 */
public final class ScramClient {
  private static final int MAX_SALT_BYTES = 256;
  private static final int MAX_ITERATION_DIGITS = 7;

  private enum Step {
    START,
    SERVER_FIRST,
    SERVER_FINAL,
    OVER
  }

  private final @Nullable String password;
  private final @Nullable ScramKeys keys;
  private final ScramBinding binding;
  private final String nonce;
  private final String clientFirstBare;
  private Step step = Step.START;
  private byte[] serverSignature = new byte[0];

  ScramClient(@Nullable String password, @Nullable ScramKeys keys, String nonce) {
    this(password, keys, ScramBinding.NONE, nonce);
  }

  ScramClient(
      @Nullable String password, @Nullable ScramKeys keys, ScramBinding binding, String nonce) {
    this.password = password;
    this.keys = keys;
    this.binding = binding;
    this.nonce = nonce;
    // PostgreSQL goes by the name of the StartupMessage.
    this.clientFirstBare = "n=,r=" + nonce;
  }

  /** Proves knowledge of a password. */
  public static ScramClient withPassword(
      String password, ScramBinding binding, SecureRandom random) {
    return new ScramClient(password, null, binding, ScramText.newNonce(random));
  }

  /** Proves knowledge of a password, bound to nothing. */
  public static ScramClient withPassword(String password, SecureRandom random) {
    return withPassword(password, ScramBinding.NONE, random);
  }

  /** Proves knowledge of keys; works where the same secret is stored. */
  public static ScramClient withKeys(ScramKeys keys, ScramBinding binding, SecureRandom random) {
    return new ScramClient(null, keys, binding, ScramText.newNonce(random));
  }

  /** Proves knowledge of keys, bound to nothing. */
  public static ScramClient withKeys(ScramKeys keys, SecureRandom random) {
    return withKeys(keys, ScramBinding.NONE, random);
  }

  /** Makes client-first-message; once. */
  public byte[] clientFirst() {
    enter(Step.START);
    step = Step.SERVER_FIRST;
    return (binding.header() + clientFirstBare).getBytes(StandardCharsets.US_ASCII);
  }

  /** An exchange takes every step once; what fails does not go on. */
  private void enter(Step expected) {
    Step current = step;
    step = Step.OVER;
    if (current != expected) {
      throw new ScramFailure("message out of turn");
    }
  }

  /**
   * Takes server-first-message. Milliseconds, for the iterated hash of a password.
   *
   * @return client-final-message
   * @throws ScramFailure if it is broken, comes out of turn, or asks for too many iterations
   */
  public byte[] onServerFirst(byte[] message) {
    enter(Step.SERVER_FIRST);
    ScramText text = new ScramText(message);
    String serverNonce = ScramText.nonce(text.take('r'));
    if (!serverNonce.startsWith(nonce) || serverNonce.length() == nonce.length()) {
      throw new ScramFailure("nonce does not continue ours");
    }
    byte[] salt = ScramText.base64(text.take('s'));
    if (salt.length == 0 || salt.length > MAX_SALT_BYTES) {
      throw new ScramFailure("salt of " + salt.length + " bytes");
    }
    int iterations = iterations(text.take('i'));
    text.skipExtensions();
    String serverFirst = new String(message, StandardCharsets.UTF_8);
    String withoutProof = "c=" + binding.attribute(binding.header()) + ",r=" + serverNonce;
    String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
    ScramKeys proved = keysFor(salt, iterations);
    byte[] storedKey = ScramCrypto.hash(proved.clientKey());
    byte[] proof = ScramCrypto.xor(proved.clientKey(), ScramCrypto.hmac(storedKey, authMessage));
    serverSignature = ScramCrypto.hmac(proved.serverKey(), authMessage);
    step = Step.SERVER_FINAL;
    return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static int iterations(String text) {
    boolean number =
        !text.isEmpty()
            && text.length() <= MAX_ITERATION_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int iterations = number ? Integer.parseInt(text) : 0;
    if (iterations < 1 || iterations > ScramSecret.MAX_ITERATIONS) {
      throw new ScramFailure("iteration count out of bounds");
    }
    return iterations;
  }

  private ScramKeys keysFor(byte[] salt, int iterations) {
    ScramKeys known = keys;
    if (known != null) {
      if (known.iterations() != iterations || !Arrays.equals(known.salt(), salt)) {
        throw new ScramFailure("the server stores another secret than the user list");
      }
      return known;
    }
    byte[] salted =
        ScramCrypto.salted(SaslPrep.prepare(password == null ? "" : password), salt, iterations);
    return new ScramKeys(
        ScramCrypto.hmac(salted, "Client Key"),
        ScramCrypto.hmac(salted, "Server Key"),
        salt,
        iterations);
  }

  /**
   * Takes server-final-message.
   *
   * @throws ScramFailure if the server does not prove that it knows the secret
   */
  public void onServerFinal(byte[] message) {
    enter(Step.SERVER_FINAL);
    ScramText text = new ScramText(message);
    if (text.isNext('e')) {
      throw new ScramFailure("the server reports an error");
    }
    byte[] signature = ScramText.base64(text.take('v'));
    text.skipExtensions();
    if (!MessageDigest.isEqual(signature, serverSignature)) {
      throw new ScramFailure("wrong server signature");
    }
  }
}
