package io.sluice.proxy.client;

import io.sluice.proxy.auth.AuthDecision;

/**
 * A step of a client's proof that a worker does, or is to do, while the client may leave. Who
 * leaves after showing a password has guessed like everybody else, unless it turns out to be right.
 * Confined to its event loop, but for what workers ask.
 */
final class PendingCheck {
  private final Seat seat;
  private final boolean guesses;
  private volatile boolean wanted = true;
  private boolean counted;

  /**
   * Makes one.
   *
   * @param guesses whether the client has shown a password, or what takes its place
   */
  PendingCheck(Seat seat, boolean guesses) {
    this.seat = seat;
    this.guesses = guesses;
  }

  /** Says whether anybody waits for the result. Thread-safe. */
  boolean isWanted() {
    return wanted;
  }

  /** The client is gone, whoever has ended it. */
  void abandon() {
    wanted = false;
  }

  /** The client itself has left; told before its seat is given back. */
  void left(long nowNs) {
    if (guesses) {
      counted = true;
      seat.failed(nowNs);
    }
  }

  /** The result has come, and the client was gone before. */
  void decidedLate(AuthDecision decision, long nowNs) {
    if (counted && decision instanceof AuthDecision.Accepted) {
      seat.forgive();
    } else if (guesses && !counted && decision instanceof AuthDecision.Refused) {
      seat.failed(nowNs);
    }
  }
}
