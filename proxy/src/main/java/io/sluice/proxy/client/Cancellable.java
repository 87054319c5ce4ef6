package io.sluice.proxy.client;

/** A phase, other than that of queries, in which a client may wait for something long. */
public interface Cancellable {
  /**
   * Takes a cancel request for the client.
   *
   * @return whether there was something to cancel
   */
  boolean cancel();
}
