package io.sluice.protocol;

/** Asks for GSSAPI encryption: {@code int32 8 | int32 80877104}; we always answer {@code N}. */
public record GssEncRequest() implements StartupPacket {
  /** The only value there is. */
  public static final GssEncRequest INSTANCE = new GssEncRequest();
}
