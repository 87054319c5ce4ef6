package io.sluice.protocol.scram;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server stores of a SCRAM-SHA-256 password: {@code SCRAM-SHA-256$iterations:salt$StoredKey:
 * ServerKey}, the last three in base64.
 *
 * @param iterations 1 to {@link #MAX_ITERATIONS}
 * @param salt the salt
 * @param storedKey H(ClientKey), 32 bytes
 * @param serverKey 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the arrays are never changed
public record ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  /** Iterations beyond this are an attack on whoever has to compute them. */
  public static final int MAX_ITERATIONS = 1_000_000;

  private static final int MAX_LENGTH = 1024;
  private static final int MOCK_SALT_BYTES = 16;
  private static final Pattern SHAPE =
      Pattern.compile(
          "SCRAM-SHA-256\\$([1-9][0-9]{0,6}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):"
              + "([A-Za-z0-9+/=]+)");

  /** Reads the stored form; null when it is not one. */
  public static @Nullable ScramSecret parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int iterations = Integer.parseInt(matcher.group(1));
    byte[] salt = decode(matcher.group(2));
    byte[] storedKey = decode(matcher.group(3));
    byte[] serverKey = decode(matcher.group(4));
    if (iterations > MAX_ITERATIONS || salt == null || !isKey(storedKey) || !isKey(serverKey)) {
      return null;
    }
    return new ScramSecret(iterations, salt, requireNonNull(storedKey), requireNonNull(serverKey));
  }

  private static boolean isKey(byte @Nullable [] key) {
    return key != null && key.length == ScramCrypto.KEY_BYTES;
  }

  private static byte @Nullable [] decode(String base64) {
    try {
      return ScramText.base64(base64);
    } catch (ScramFailure broken) {
      return null;
    }
  }

  /** Computes the secret of a password. Milliseconds. */
  public static ScramSecret derive(String password, byte[] salt, int iterations) {
    byte[] salted = ScramCrypto.salted(SaslPrep.prepare(password), salt, iterations);
    byte[] clientKey = ScramCrypto.hmac(salted, "Client Key");
    byte[] serverKey = ScramCrypto.hmac(salted, "Server Key");
    return new ScramSecret(iterations, salt.clone(), ScramCrypto.hash(clientKey), serverKey);
  }

  /**
   * Makes a secret that nobody can prove, for a user that does not exist: its salt is the same for
   * the same name, so that repeated probes learn nothing.
   */
  public static ScramSecret mock(String user, byte[] processRandom, int iterations) {
    byte[] name = user.getBytes(StandardCharsets.UTF_8);
    byte[] seed = Arrays.copyOf(name, name.length + processRandom.length);
    System.arraycopy(processRandom, 0, seed, name.length, processRandom.length);
    byte[] salt = Arrays.copyOf(ScramCrypto.hash(seed), MOCK_SALT_BYTES);
    byte[] none = new byte[ScramCrypto.KEY_BYTES];
    return new ScramSecret(iterations, salt, none, none);
  }

  /** Writes the stored form. */
  public String print() {
    Base64.Encoder encoder = Base64.getEncoder();
    return "SCRAM-SHA-256$"
        + iterations
        + ':'
        + encoder.encodeToString(salt)
        + '$'
        + encoder.encodeToString(storedKey)
        + ':'
        + encoder.encodeToString(serverKey);
  }

  /** Hides the secret. */
  @Override
  public String toString() {
    return "ScramSecret[****]";
  }
}
