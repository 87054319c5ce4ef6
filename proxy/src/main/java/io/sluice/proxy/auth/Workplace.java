package io.sluice.proxy.auth;

/** Where a step of a proof is done. */
public enum Workplace {
  /** On the event loop: it takes microseconds. */
  LOOP,
  /** On a worker: it takes milliseconds of computing. */
  WORKER,
  /** Where somebody else may be waited for: a directory, PAM, the user database of the system. */
  DIRECTORY
}
