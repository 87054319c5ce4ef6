package io.sluice.proxy.listen;

import java.util.LinkedHashSet;
import java.util.Set;

/** One channel of a hub, and who listens on it. Confined to its event loop. */
final class Channel {
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private boolean confirmed;

  /** Those who listen, in the order in which they began. */
  Set<Subscriber> subscribers() {
    return subscribers;
  }

  /** Notes whether PostgreSQL listens on the channel for us. */
  void setConfirmed(boolean listens) {
    confirmed = listens;
  }

  boolean isConfirmed() {
    return confirmed;
  }
}
