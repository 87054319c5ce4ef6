package io.sluice.protocol;

/**
 * Asks for TLS: {@code int32 8 | int32 80877103}; the answer is one byte, {@code S} or {@code N}.
 */
public record SslRequest() implements StartupPacket {
  /** The only value there is. */
  public static final SslRequest INSTANCE = new SslRequest();
}
