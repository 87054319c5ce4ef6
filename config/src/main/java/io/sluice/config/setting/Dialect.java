package io.sluice.config.setting;

/** The kind of text in which a value was written. */
public enum Dialect {
  /**
   * PgBouncer's ini file and console: numbers as in C ({@code 10}, {@code 0x1f}, {@code 0777}),
   * times in plain seconds, booleans as integers.
   */
  INI,
  /**
   * A connection string such as {@code host=db1 pool_size=5}: as {@link #INI}, but only decimal.
   */
  CONNECT_STRING,
  /**
   * HOCON and environment variables: everything that {@link #INI} takes, and units ({@code 30s},
   * {@code 4KiB}) and the words true, false, yes, no, on and off.
   */
  HOCON;

  /** Says whether units and the words for booleans may be used. */
  boolean hasUnits() {
    return this == HOCON;
  }

  /** Says whether a leading zero or {@code 0x} selects another base than ten. */
  boolean hasBases() {
    return this != CONNECT_STRING;
  }
}
