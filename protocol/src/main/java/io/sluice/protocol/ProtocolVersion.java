package io.sluice.protocol;

/**
 * A version of the frontend/backend protocol, as a StartupMessage names it. Immutable.
 *
 * @param major upper 16 bits of the code
 * @param minor lower 16 bits of the code
 */
public record ProtocolVersion(int major, int minor) {
  /** The version of PostgreSQL 7.4 to 17: cancel keys of 8 bytes. */
  public static final ProtocolVersion V3_0 = new ProtocolVersion(3, 0);

  /** The version of PostgreSQL 18: cancel keys with a secret of up to 256 bytes. */
  public static final ProtocolVersion V3_2 = new ProtocolVersion(3, 2);

  /** The newest version that is spoken here. */
  public static final ProtocolVersion NEWEST = V3_2;

  /** Refuses numbers that do not fit into 16 bits. */
  public ProtocolVersion {
    if ((major & 0xffff) != major || (minor & 0xffff) != minor) {
      throw new IllegalArgumentException("no protocol version: " + major + "." + minor);
    }
  }

  /** Returns the version that an int32 of a StartupMessage means. */
  public static ProtocolVersion of(int code) {
    return new ProtocolVersion(code >>> 16, code & 0xffff);
  }

  /** Returns this version, or the newest one that is spoken here if that is older. */
  public ProtocolVersion orNewest() {
    return code() > NEWEST.code() ? NEWEST : this;
  }

  /** Returns the int32 of a StartupMessage. */
  public int code() {
    return major << 16 | minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
