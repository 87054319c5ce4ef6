package io.sluice.proxy.client;

/** What a client is doing, and its word in SHOW CLIENTS and SHOW SOCKETS. */
public enum ClientState {
  /** Connected, not logged in yet. */
  LOGIN("login"),
  /** Logged in; holds a server, or does nothing. */
  ACTIVE("active"),
  /** Waits for a server. */
  WAITING("waiting"),
  /** Logged in as far as we know; waits for the pool's first server to finish the login. */
  WAITING_LOGIN("waiting"),
  /** Brought a cancel request that was not sent on yet. */
  WAITING_CANCEL("waiting_cancel_req"),
  /** Brought a cancel request that was sent on. */
  ACTIVE_CANCEL("active_cancel_req"),
  /** Gone. */
  CLOSED("closed");

  private final String word;

  ClientState(String word) {
    this.word = word;
  }

  /** The word in SHOW CLIENTS. */
  public String word() {
    return word;
  }
}
