package io.sluice.protocol;

import static java.util.Objects.requireNonNull;

/**
 * Thrown when a peer sends what the protocol does not allow.
 *
 * <p>Stackless: a hostile peer must not be able to make us collect stack traces, and the text says
 * all. The text is fit to be sent to the peer and never holds a secret.
 */
public final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  /** Creates a violation with SQLSTATE 08P01. */
  public ProtocolViolation(String text) {
    this(SqlState.PROTOCOL_VIOLATION, text);
  }

  /** Creates a violation with a SQLSTATE of its own. */
  public ProtocolViolation(String sqlState, String text) {
    super(requireNonNull(text, "text"), null, false, false);
    this.sqlState = requireNonNull(sqlState, "sqlState");
  }

  /** Returns the SQLSTATE to send with the text. */
  public String sqlState() {
    return sqlState;
  }

  /** Returns the text to send; never null. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}
