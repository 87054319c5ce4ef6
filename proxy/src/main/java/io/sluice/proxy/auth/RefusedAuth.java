package io.sluice.proxy.auth;

/** Asks nothing: the client is turned away. */
record RefusedAuth(AuthDecision.Refused decision) implements AuthMethod {
  @Override
  public AuthDecision begin() {
    return decision;
  }

  @Override
  public AuthDecision answer(byte[] body) {
    return decision;
  }
}
