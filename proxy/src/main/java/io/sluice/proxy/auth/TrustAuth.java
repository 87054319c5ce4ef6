package io.sluice.proxy.auth;

/** Asks nothing: whoever is known gets in ({@code trust}). */
record TrustAuth(boolean known) implements AuthMethod {
  @Override
  public AuthDecision begin() {
    return known
        ? AuthDecision.Accepted.PLAIN
        : Refusals.failed("\"trust\" authentication failed", "no such user");
  }

  @Override
  public AuthDecision answer(byte[] body) {
    return Refusals.failed("\"trust\" authentication failed", "unexpected password");
  }
}
