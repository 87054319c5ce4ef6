package io.sluice.proxy;

/** What this program stands in for. */
public final class Release {
  /** The release of PgBouncer whose console and parameters are spoken here; tools parse it. */
  public static final String PGBOUNCER = "1.25.2";

  private Release() {}
}
