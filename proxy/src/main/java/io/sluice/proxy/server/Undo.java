package io.sluice.proxy.server;

/** Takes back what was noted for a request that PostgreSQL then did not carry out. */
@FunctionalInterface
public interface Undo {
  /** Takes it back. */
  void undo();
}
