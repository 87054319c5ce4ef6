package io.sluice.proxy.auth;

import io.sluice.protocol.SqlState;

/** The ways in which a proof fails, as clients are told. */
final class Refusals {
  private Refusals() {}

  static AuthDecision.Refused failed(String text, String detail) {
    return new AuthDecision.Refused(SqlState.PROTOCOL_VIOLATION, text, detail);
  }

  static AuthDecision.Refused password(String detail) {
    return failed("password authentication failed", detail);
  }

  static AuthDecision.Refused certificate(String detail) {
    return failed("certificate authentication failed", detail);
  }

  static AuthDecision.Refused sasl(String detail) {
    return failed("SASL authentication failed", detail);
  }
}
