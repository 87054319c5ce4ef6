package io.sluice.protocol.scram;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One client's SCRAM-SHA-256 exchange, seen from the server. Used by one login.
 *
 * <pre>
 *   C: n,,n=user,r=nonce         S: r=nonce+ours,s=salt,i=iterations
 *   C: c=biws,r=…,p=proof        S: v=signature
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 */
public final class ScramServer {
  private enum Step {
    CLIENT_FIRST,
    CLIENT_FINAL,
    OVER
  }

  private final ScramSecret secret;
  private final ScramBinding binding;

  /** What we add to the client's nonce. */
  private final String ourNonce;

  private Step step = Step.CLIENT_FIRST;
  private String header = "";
  private String clientFirstBare = "";
  private String serverFirst = "";
  private String nonce = "";
  private @Nullable ScramKeys keys;

  /** Begins an exchange whose client has to prove that it knows the secret. */
  public ScramServer(ScramSecret secret, SecureRandom random) {
    this(secret, ScramBinding.NONE, random);
  }

  /**
   * Begins an exchange that may be bound to a TLS connection.
   *
   * @param binding bound if the client has chosen PLUS, unused if it was offered and not chosen
   */
  public ScramServer(ScramSecret secret, ScramBinding binding, SecureRandom random) {
    this(secret, binding, ScramText.newNonce(random));
  }

  ScramServer(ScramSecret secret, String ourNonce) {
    this(secret, ScramBinding.NONE, ourNonce);
  }

  ScramServer(ScramSecret secret, ScramBinding binding, String ourNonce) {
    this.secret = secret;
    this.binding = binding;
    this.ourNonce = ourNonce;
  }

  /**
   * Takes client-first-message.
   *
   * @return server-first-message
   * @throws ScramFailure if it is broken, comes twice, wants another's identity, or another channel
   *     binding than there is
   */
  public byte[] onClientFirst(byte[] message) {
    enter(Step.CLIENT_FIRST);
    ScramText text = new ScramText(message);
    String flag = text.takeRaw();
    binding.check(flag);
    if (!text.takeRaw().isEmpty()) {
      throw new ScramFailure("an authorization identity is not supported");
    }
    header = flag + ",,";
    clientFirstBare = text.rest();
    // PostgreSQL goes by the name of the StartupMessage; what stands here does not count.
    takeName(text);
    nonce = ScramText.nonce(text.take('r')) + ourNonce;
    text.skipExtensions();
    serverFirst =
        "r="
            + nonce
            + ",s="
            + Base64.getEncoder().encodeToString(secret.salt())
            + ",i="
            + secret.iterations();
    step = Step.CLIENT_FINAL;
    return serverFirst.getBytes(StandardCharsets.UTF_8);
  }

  private static void takeName(ScramText text) {
    if (text.isNext('m')) {
      throw new ScramFailure("mandatory extension");
    }
    text.take('n');
  }

  /** An exchange takes every message once; what fails does not go on. */
  private void enter(Step expected) {
    Step current = step;
    step = Step.OVER;
    if (current != expected) {
      throw new ScramFailure("message out of turn");
    }
  }

  /**
   * Takes client-final-message.
   *
   * @return server-final-message
   * @throws ScramFailure if it is broken, comes out of turn, or proves nothing
   */
  public byte[] onClientFinal(byte[] message) {
    enter(Step.CLIENT_FINAL);
    ScramText text = new ScramText(message);
    String given = text.take('c');
    if (!MessageDigest.isEqual(bytes(given), bytes(binding.attribute(header)))) {
      throw new ScramFailure("channel binding does not match");
    }
    if (!MessageDigest.isEqual(bytes(text.take('r')), bytes(nonce))) {
      throw new ScramFailure("nonce does not match");
    }
    text.skipExtensionsBefore('p');
    String authMessage = clientFirstBare + "," + serverFirst + "," + text.taken();
    byte[] proof = ScramText.base64(text.take('p'));
    text.end();
    verify(authMessage, proof);
    byte[] signature = ScramCrypto.hmac(secret.serverKey(), authMessage);
    return bytes("v=" + Base64.getEncoder().encodeToString(signature));
  }

  private void verify(String authMessage, byte[] proof) {
    if (proof.length != ScramCrypto.KEY_BYTES) {
      throw new ScramFailure("proof of " + proof.length + " bytes");
    }
    byte[] signature = ScramCrypto.hmac(secret.storedKey(), authMessage);
    byte[] clientKey = ScramCrypto.xor(proof, signature);
    if (!MessageDigest.isEqual(ScramCrypto.hash(clientKey), secret.storedKey())) {
      throw new ScramFailure("wrong password");
    }
    keys = new ScramKeys(clientKey, secret.serverKey(), secret.salt(), secret.iterations());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The keys that the client has proved; only after success. */
  public ScramKeys keys() {
    ScramKeys proved = keys;
    if (proved == null) {
      throw new IllegalStateException("nothing was proved");
    }
    return proved;
  }
}
