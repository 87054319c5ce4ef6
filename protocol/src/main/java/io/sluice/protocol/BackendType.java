package io.sluice.protocol;

/**
 * Names the type bytes of the messages that PostgreSQL sends.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public final class BackendType {
  /** Any authentication request; the int32 that follows tells which. */
  public static final byte AUTHENTICATION = 'R';

  /** BackendKeyData: the key for a CancelRequest. */
  public static final byte BACKEND_KEY_DATA = 'K';

  /** BindComplete: the reply to Bind. */
  public static final byte BIND_COMPLETE = '2';

  /** CloseComplete: the reply to Close. */
  public static final byte CLOSE_COMPLETE = '3';

  /** CommandComplete: a statement is done; carries its tag. */
  public static final byte COMMAND_COMPLETE = 'C';

  /** CopyBothResponse: streaming replication begins. */
  public static final byte COPY_BOTH_RESPONSE = 'W';

  /** CopyData: a piece of a COPY stream. */
  public static final byte COPY_DATA = 'd';

  /** CopyDone: the COPY stream is complete. */
  public static final byte COPY_DONE = 'c';

  /** CopyFail: not sent by PostgreSQL today, but reserved for both directions. */
  public static final byte COPY_FAIL = 'f';

  /** CopyInResponse: the client may send its COPY stream. */
  public static final byte COPY_IN_RESPONSE = 'G';

  /** CopyOutResponse: a COPY stream follows. */
  public static final byte COPY_OUT_RESPONSE = 'H';

  /** DataRow: one row of a result. */
  public static final byte DATA_ROW = 'D';

  /** EmptyQueryResponse: the statement was empty. */
  public static final byte EMPTY_QUERY_RESPONSE = 'I';

  /** ErrorResponse: fields of an error. */
  public static final byte ERROR_RESPONSE = 'E';

  /** FunctionCallResponse: the result of the old fast path. */
  public static final byte FUNCTION_CALL_RESPONSE = 'V';

  /** NegotiateProtocolVersion: the server speaks only an older minor version. */
  public static final byte NEGOTIATE_PROTOCOL_VERSION = 'v';

  /** NoData: the statement returns no rows. */
  public static final byte NO_DATA = 'n';

  /** NoticeResponse: fields of a notice. */
  public static final byte NOTICE_RESPONSE = 'N';

  /** NotificationResponse: a NOTIFY arrived. */
  public static final byte NOTIFICATION_RESPONSE = 'A';

  /** ParameterDescription: parameter types of a statement. */
  public static final byte PARAMETER_DESCRIPTION = 't';

  /** ParameterStatus: the value of a reported setting. */
  public static final byte PARAMETER_STATUS = 'S';

  /** ParseComplete: the reply to Parse. */
  public static final byte PARSE_COMPLETE = '1';

  /** PortalSuspended: Execute reached its row limit. */
  public static final byte PORTAL_SUSPENDED = 's';

  /** ReadyForQuery: the server waits for the next command; carries the transaction status. */
  public static final byte READY_FOR_QUERY = 'Z';

  /** RowDescription: the columns of a result. */
  public static final byte ROW_DESCRIPTION = 'T';

  private BackendType() {}

  /** Returns the manual's name of the message, or {@code unknown (0x..)}; for logs. */
  public static String describe(byte type) {
    return switch (type) {
      case AUTHENTICATION -> "Authentication";
      case BACKEND_KEY_DATA -> "BackendKeyData";
      case BIND_COMPLETE -> "BindComplete";
      case CLOSE_COMPLETE -> "CloseComplete";
      case COMMAND_COMPLETE -> "CommandComplete";
      case COPY_BOTH_RESPONSE -> "CopyBothResponse";
      case COPY_DATA -> "CopyData";
      case COPY_DONE -> "CopyDone";
      case COPY_FAIL -> "CopyFail";
      case COPY_IN_RESPONSE -> "CopyInResponse";
      case COPY_OUT_RESPONSE -> "CopyOutResponse";
      case DATA_ROW -> "DataRow";
      case EMPTY_QUERY_RESPONSE -> "EmptyQueryResponse";
      case ERROR_RESPONSE -> "ErrorResponse";
      case FUNCTION_CALL_RESPONSE -> "FunctionCallResponse";
      case NEGOTIATE_PROTOCOL_VERSION -> "NegotiateProtocolVersion";
      case NO_DATA -> "NoData";
      case NOTICE_RESPONSE -> "NoticeResponse";
      case NOTIFICATION_RESPONSE -> "NotificationResponse";
      case PARAMETER_DESCRIPTION -> "ParameterDescription";
      case PARAMETER_STATUS -> "ParameterStatus";
      case PARSE_COMPLETE -> "ParseComplete";
      case PORTAL_SUSPENDED -> "PortalSuspended";
      case READY_FOR_QUERY -> "ReadyForQuery";
      case ROW_DESCRIPTION -> "RowDescription";
      default -> String.format("unknown (0x%02x)", type);
    };
  }
}
