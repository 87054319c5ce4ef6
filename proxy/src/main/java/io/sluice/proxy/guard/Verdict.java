package io.sluice.proxy.guard;

/** Whether somebody may try to log in. */
public enum Verdict {
  /** Yes. */
  MAY_TRY,
  /** No: more logins a second than max_address_logins_per_second. */
  TOO_FAST,
  /** No: as many passwords as max_address_failed_logins have been wrong. */
  TOO_MANY_FAILURES
}
