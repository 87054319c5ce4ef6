package io.sluice.proxy.app;

import io.sluice.proxy.lifecycle.SignalActions;
import java.io.IOException;

/** The pooler as the process around it sees it. */
interface Service extends SignalActions {
  /**
   * Opens the listeners and serves from then on.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  void start() throws IOException;

  /** How it waits for the network, such as {@code epoll}; for the log. */
  String transport();

  /** Waits until a shutdown is complete. */
  void awaitEnd() throws InterruptedException;
}
