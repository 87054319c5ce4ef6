package io.sluice.protocol.scram;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a SCRAM exchange says about the TLS connection below it: nothing, that it could be bound to
 * it, or that it is. Immutable.
 *
 * <pre>
 *   n   the client cannot be bound
 *   y   it could, but believes that the server cannot: a lie in between is found out
 *   p   it is: the proof covers the hash of the server's certificate
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802#section-6">RFC 5802, section 6</a>
 */
public final class ScramBinding {
  /** The mechanism without channel binding. */
  public static final String PLAIN_MECHANISM = "SCRAM-SHA-256";

  /** The mechanism with channel binding. */
  public static final String BOUND_MECHANISM = "SCRAM-SHA-256-PLUS";

  /** There is nothing to bind to, or that is not wanted. */
  public static final ScramBinding NONE = new ScramBinding("n", new byte[0]);

  /**
   * Both could be bound as far as we know, but the exchange is not: on the server's side PLUS was
   * offered and not chosen, on the client's side it was not offered.
   */
  public static final ScramBinding UNUSED = new ScramBinding("y", new byte[0]);

  private final String flag;
  private final byte[] data;

  private ScramBinding(String flag, byte[] data) {
    this.flag = flag;
    this.data = data;
  }

  /**
   * The exchange is bound to the server's certificate.
   *
   * @param hash {@code tls-server-end-point} of RFC 5929
   */
  public static ScramBinding to(byte[] hash) {
    return new ScramBinding("p=tls-server-end-point", hash.clone());
  }

  /** Says whether the proof covers the certificate. */
  public boolean isBound() {
    return flag.startsWith("p");
  }

  /** The header with which a client begins. */
  String header() {
    return flag + ",,";
  }

  /**
   * Checks the flag with which a client begins.
   *
   * @throws ScramFailure if it fits neither the mechanism nor what was offered
   */
  void check(String given) {
    if (given.equals(flag)) {
      if (flag.equals("y")) {
        throw new ScramFailure("downgrade: the client did not see that PLUS was offered");
      }
      return;
    }
    boolean unbound = !isBound() && given.equals("n");
    boolean unaware = this == NONE && given.equals("y");
    if (!unbound && !unaware) {
      throw new ScramFailure(
          isBound() ? "channel binding was chosen and not used" : "channel binding is not offered");
    }
  }

  /** The attribute {@code c=} that belongs to a header: base64 of header and data. */
  String attribute(String header) {
    byte[] begin = header.getBytes(StandardCharsets.US_ASCII);
    byte[] input = Arrays.copyOf(begin, begin.length + data.length);
    System.arraycopy(data, 0, input, begin.length, data.length);
    return Base64.getEncoder().encodeToString(input);
  }

  @Override
  public String toString() {
    return "ScramBinding[" + flag + "]";
  }
}
