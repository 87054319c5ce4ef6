package io.sluice.protocol;

/**
 * The transaction status byte of ReadyForQuery.
 *
 * <p>Constants, not an enum: the hot path compares the byte as it stands in the message.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats, ReadyForQuery</a>
 */
public final class TransactionStatus {
  /** Not in a transaction block. */
  public static final byte IDLE = 'I';

  /** In a transaction block. */
  public static final byte IN_TRANSACTION = 'T';

  /** In a failed transaction block: statements are refused until it ends. */
  public static final byte FAILED = 'E';

  private TransactionStatus() {}

  /** Says whether the byte is one of the three that PostgreSQL sends. */
  public static boolean isValid(byte status) {
    return status == IDLE || status == IN_TRANSACTION || status == FAILED;
  }
}
