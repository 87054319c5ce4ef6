package io.sluice.protocol.scram;

/**
 * What a successful exchange has shown: enough to log in elsewhere where the same secret is stored.
 *
 * @param clientKey ClientKey of RFC 5802
 * @param serverKey ServerKey of RFC 5802
 * @param salt the salt that they belong to
 * @param iterations the iteration count that they belong to
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the arrays are never changed
public record ScramKeys(byte[] clientKey, byte[] serverKey, byte[] salt, int iterations) {
  /** Hides the keys. */
  @Override
  public String toString() {
    return "ScramKeys[****]";
  }
}
