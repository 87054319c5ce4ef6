package io.sluice.proxy.server;

/** What is to be noted when a request has been carried out, or has not. */
@FunctionalInterface
public interface Outcome {
  /** PostgreSQL has carried it out. */
  default void answered() {}

  /** PostgreSQL has refused it, or skipped it after an error. */
  void skipped();
}
