package io.sluice.config.problem;

/** How bad a problem is. */
public enum Severity {
  /** The configuration can not be used. */
  ERROR,
  /** The configuration can be used, but somebody should look at it. */
  WARNING
}
